"""The phone's own clock and source of randomness."""

import secrets
from datetime import datetime


class SystemClock:
    """Port Clock."""

    def now(self) -> datetime:
        return datetime.now().astimezone().replace(microsecond=0)

    def entropy(self, size: int) -> bytes:
        return secrets.token_bytes(size)
