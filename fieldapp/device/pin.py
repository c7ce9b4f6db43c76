"""The app lock's PIN: only a slow hash of it is kept, and wrong tries make the next one wait."""

import hashlib
import hmac
from collections.abc import Callable
from math import ceil
from typing import Self

from contract.value import Value

KEPT = "pin"  # under this name in the safe
DIGITS = 4
# scrypt: 16 MB, some 50 ms on a desktop, a quarter of a second on a cheap phone. Whoever has the
# hash tries all ten thousand PINs within the hour all the same: it is the safe that protects it.
COST, BLOCK_SIZE, PARALLEL, HASH_BYTES = SCRYPT = 2**14, 8, 1, 32
SlowHash = Callable[[str, bytes], str]  # digits, salt: their hash in hexadecimal
PAUSES = (0, 0, 0, 30, 60, 300, 900, 3600)  # seconds, by how many were wrong; then the last


class Pin(Value):
    """As the safe keeps it: `salt` and `hash` in hexadecimal; `wrong` counts tries since the last
    right one, across restarts; the last of them was at `tried`, in seconds since the phone was
    switched on. With `biometrics`, a finger or a face that the phone knows opens
    the app as well."""

    salt: str
    hash: str
    wrong: int = 0
    biometrics: bool = False
    tried: float | None = None

    @classmethod
    def of(cls, digits: str, salt: bytes, hashed: SlowHash | None = None) -> Self:
        """Slow on purpose: run in a thread. `hashed` is `slow_hash`, or a platform's own."""
        return cls(salt=salt.hex(), hash=(hashed or slow_hash)(digits, salt))

    def fits(self, digits: str, hashed: SlowHash | None = None) -> bool:
        """Whether these are the digits. Slow on purpose: run in a thread."""
        now = (hashed or slow_hash)(digits, bytes.fromhex(self.salt))
        return hmac.compare_digest(self.hash, now)

    def pause(self, uptime: float) -> int:
        """Seconds until the next try, at so many seconds since the phone was switched on: a start
        of the app counts on, and setting the clock forward shortens nothing. Where the phone was
        switched off meanwhile, and where the last try has no time, the whole pause is ahead."""
        whole = PAUSES[min(self.wrong, len(PAUSES) - 1)]
        past = uptime - self.tried if self.tried is not None else 0
        return max(0, ceil(whole - past)) if past >= 0 else whole


def slow_hash(digits: str, salt: bytes) -> str:
    """scrypt at COST, in hexadecimal, by Python's own library."""
    return hashlib.scrypt(
        digits.encode(), salt=salt, n=COST, r=BLOCK_SIZE, p=PARALLEL, dklen=HASH_BYTES
    ).hex()
