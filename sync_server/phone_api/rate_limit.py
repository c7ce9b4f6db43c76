"""Rate limit for one-time codes: a few wrong tries per window, by network address and in all."""

from collections import deque
from datetime import datetime, timedelta

from sync_server.problems import TooManyTries

# A code has eight digits and lives 72 hours: at 100 tries an hour in all, the chance to guess one
# open code is 1 in 14,000.
FREE, WINDOW = 5, timedelta(minutes=10)
FREE_FOR_ALL, WINDOW_FOR_ALL = 100, timedelta(hours=1)
MOST_ADDRESSES = 10_000
Times = deque[datetime]


class RateLimit:
    """Wrong tries, in the memory of this process. A try counts as wrong until `forget_last_try`, so
    that many tries at once cannot pass the limit."""

    def __init__(self) -> None:
        self._by_address: dict[str, Times] = {}
        self._all: Times = deque()

    def register_try(self, address: str, now: datetime) -> None:
        """Counts one try. Raises TooManyTries, and counts nothing, if this address or all addresses
        together have had too many."""
        own = self._by_address.get(address, deque())
        for times, window, most in (
            (own, WINDOW, FREE),
            (self._all, WINDOW_FOR_ALL, FREE_FOR_ALL),
        ):
            while times and times[0] <= now - window:
                times.popleft()
            if len(times) >= most:
                wait = times[0] + window - now
                raise TooManyTries(retry_after=int(wait.total_seconds()) + 1)
        if address not in self._by_address and len(self._by_address) >= MOST_ADDRESSES:
            self._by_address.pop(next(iter(self._by_address)))
        self._by_address[address] = own
        own.append(now)
        self._all.append(now)

    def forget_last_try(self, address: str) -> None:
        """Takes the last try of this address back: it was right."""
        for times in (self._by_address.get(address), self._all):
            if times:
                times.pop()
