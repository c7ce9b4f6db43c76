"""Ids that a phone makes without asking a server: UUID version 7, ordered by time."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def uuid7(at: datetime, entropy: bytes) -> UUID:
    """The UUIDv7 of RFC 9562 section 5.7: 48 bits of Unix milliseconds, then 74 random bits.

    `at` is an aware time: its millisecond is rounded down, and a time before 1970 counts as 1970.
    `entropy` is at least 10 random bytes, of which the first 10 are used. Both are arguments, so
    that this stays pure. Raises ValueError on fewer bytes, for an id that may repeat is worse than
    none; TypeError on a time without an offset.
    """
    if len(entropy) < 10:
        raise ValueError("uuid7 needs 10 random bytes")
    # In whole numbers: a float of seconds is short of bits for milliseconds from the year 2242 on.
    # The year 9999 still fits into 48 bits.
    millis = max(0, (at - _EPOCH) // timedelta(milliseconds=1))
    rand = int.from_bytes(entropy[:10], "big")
    bits = millis << 80 | rand & (2**80 - 1)
    bits = bits & ~(0xF << 76) | 0x7 << 76
    return UUID(int=bits & ~(0x3 << 62) | 0x2 << 62)
