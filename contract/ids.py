"""Names minted on the phone without asking anybody: UUID version 7, ordered by time."""

from datetime import datetime
from uuid import UUID


def uuid7(at: datetime, entropy: bytes) -> UUID:
    """The UUIDv7 of RFC 9562 section 5.7: 48 bits of Unix milliseconds, then 74 random bits.

    `at` is an aware time; `entropy` at least 10 random bytes (both are arguments: this is pure).
    Raises ValueError on fewer bytes, for a name that may repeat is worse than none.
    """
    if len(entropy) < 10:
        raise ValueError("uuid7 needs 10 random bytes")
    millis = max(0, int(at.timestamp() * 1000)) & (2**48 - 1)
    rand = int.from_bytes(entropy[:10], "big")
    bits = millis << 80 | rand & (2**80 - 1)
    bits = bits & ~(0xF << 76) | 0x7 << 76
    return UUID(int=bits & ~(0x3 << 62) | 0x2 << 62)
