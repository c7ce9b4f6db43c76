"""The phone's own clock and source of randomness."""

import secrets
import time
from datetime import datetime, timedelta

from contract.value import EARLIEST, LATEST
from contract.zone import ZONE


class SystemClock:
    """Port Clock. A clock that stands where no report can be dated (before EARLIEST, from LATEST
    on) is read as the bound, or a day before it: whoever has such a phone can still seal, and is
    told that the clock is wrong. Times are those of the bureau's zone, wherever the process runs:
    shift, rest day and what is due follow it."""

    def now(self) -> datetime:
        now = datetime.now(ZONE).replace(microsecond=0)
        return min(max(now, EARLIEST), LATEST - timedelta(days=1))

    def entropy(self, size: int) -> bytes:
        return secrets.token_bytes(size)


def uptime() -> float:
    """Seconds since the phone was switched on, asleep or not; nobody can set them. Where the system
    does not tell (Apple's has no such clock, a browser's page names one that it has not), seconds
    of a clock that nobody can set either, but that may stand still meanwhile or begin anew."""
    try:
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    except (AttributeError, OSError):
        return time.monotonic()
