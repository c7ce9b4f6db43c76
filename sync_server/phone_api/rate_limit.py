"""Slows down who guesses codes: a few wrong ones, then none for a while, by address and for all."""

from collections import deque
from datetime import datetime, timedelta

from sync_server.problems import TooManyTries

# Eight digits and 72 hours: 100 an hour for everybody together hit one open code in 14,000 times.
FREE, WINDOW = 5, timedelta(minutes=10)
FREE_FOR_ALL, WINDOW_FOR_ALL = 100, timedelta(hours=1)
MOST_ADDRESSES = 10_000
Times = deque[datetime]


class RateLimit:
    """Wrong tries, in this process's memory. A try counts as wrong until it is forgiven, so that
    many at once are no way around."""

    def __init__(self) -> None:
        self._by_address: dict[str, Times] = {}
        self._all: Times = deque()

    def spend(self, address: str, now: datetime) -> None:
        """One more try; raises TooManyTries while this address, or all together, had too many."""
        mine = self._by_address.get(address, deque())
        for times, window, most in (
            (mine, WINDOW, FREE),
            (self._all, WINDOW_FOR_ALL, FREE_FOR_ALL),
        ):
            while times and times[0] <= now - window:
                times.popleft()
            if len(times) >= most:
                wait = times[0] + window - now
                raise TooManyTries(retry_after=int(wait.total_seconds()) + 1)
        if address not in self._by_address and len(self._by_address) >= MOST_ADDRESSES:
            self._by_address.pop(next(iter(self._by_address)))
        self._by_address[address] = mine
        mine.append(now)
        self._all.append(now)

    def forgive(self, address: str) -> None:
        """The last try was right."""
        for times in (self._by_address.get(address), self._all):
            if times:
                times.pop()
