"""Slows down who guesses: a few free tries, then none for a while, by address and for everybody."""

from collections import deque
from datetime import datetime, timedelta

from sync_server.problems import TooManyTries

WINDOW = timedelta(minutes=1)
FREE, FREE_FOR_ALL = 5, 60
MOST_ADDRESSES = 10_000


class Tries:
    """Wrong tries of the last minute, in this process's memory."""

    def __init__(self) -> None:
        self._wrong: dict[str, deque[datetime]] = {}
        self._all: deque[datetime] = deque()

    def check(self, address: str, now: datetime) -> None:
        """Raises TooManyTries while this address, or all together, failed too often."""
        for wrong, most in ((self._wrong.get(address, deque()), FREE), (self._all, FREE_FOR_ALL)):
            while wrong and wrong[0] <= now - WINDOW:
                wrong.popleft()
            if len(wrong) >= most:
                raise TooManyTries(retry_after=int(WINDOW.total_seconds()))

    def failed(self, address: str, now: datetime) -> None:
        """One more wrong try."""
        if len(self._wrong) >= MOST_ADDRESSES:
            self._wrong.clear()
        self._wrong.setdefault(address, deque()).append(now)
        self._all.append(now)
