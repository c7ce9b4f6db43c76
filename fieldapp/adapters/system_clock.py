"""The phone's own clock and source of randomness."""

import secrets
from datetime import datetime, timedelta

from contract.value import EARLIEST, LATEST


class SystemClock:
    """Port Clock. A clock that stands where no report can be dated (before EARLIEST, from LATEST
    on) is read as the bound, or a day before it: whoever has such a phone can still seal, and is
    told that the clock is wrong."""

    def now(self) -> datetime:
        now = datetime.now().astimezone().replace(microsecond=0)
        return min(max(now, EARLIEST), LATEST - timedelta(days=1))

    def entropy(self, size: int) -> bytes:
        return secrets.token_bytes(size)
