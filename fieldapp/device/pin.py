"""The app lock's PIN: only a slow hash of it is kept, and each wrong one makes the next wait."""

import hashlib
import hmac
from typing import Self

from contract.value import Value

KEPT = "pin"  # under this name in the safe
DIGITS = 4
# scrypt, 16 MB and some 50 ms on a desk, a quarter of a second on a cheap phone: who holds the
# hash tries ten thousand PINs within the hour all the same. The safe around it is what keeps them.
COST, BLOCK, LANES = 2**14, 8, 1
PAUSES = (0, 0, 0, 30, 60, 300, 900, 3600)  # seconds after so many wrong ones; then always the last


class Pin(Value):
    """As the safe keeps it; `wrong` counts since the last right one, over restarts too.
    `biometrics`: a finger or a face that the phone knows will do as well."""

    salt: str
    hash: str
    wrong: int = 0
    biometrics: bool = False

    @classmethod
    def of(cls, digits: str, salt: bytes) -> Self:
        """Slow on purpose: run in a thread."""
        return cls(salt=salt.hex(), hash=_slow(digits, salt))

    def fits(self, digits: str) -> bool:
        """Slow on purpose: run in a thread."""
        return hmac.compare_digest(self.hash, _slow(digits, bytes.fromhex(self.salt)))

    def pause(self) -> int:
        """Seconds until the next try. Counted from each start of the app anew: a clock that is set
        forward shortens nothing."""
        return PAUSES[min(self.wrong, len(PAUSES) - 1)]


def _slow(digits: str, salt: bytes) -> str:
    return hashlib.scrypt(digits.encode(), salt=salt, n=COST, r=BLOCK, p=LANES, dklen=32).hex()
