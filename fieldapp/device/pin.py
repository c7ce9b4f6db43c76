"""The app lock's PIN: only a slow hash of it is kept, and wrong tries make the next one wait."""

import hashlib
import hmac
from typing import Self

from contract.value import Value

KEPT = "pin"  # under this name in the safe
DIGITS = 4
# scrypt: 16 MB, some 50 ms on a desktop, a quarter of a second on a cheap phone. Whoever has the
# hash tries all ten thousand PINs within the hour all the same: it is the safe that protects it.
COST, BLOCK_SIZE, PARALLEL = 2**14, 8, 1
PAUSES = (0, 0, 0, 30, 60, 300, 900, 3600)  # seconds, by how many were wrong; then the last


class Pin(Value):
    """As the safe keeps it: `salt` and `hash` in hexadecimal; `wrong` counts tries since the last
    right one, across restarts. With `biometrics`, a finger or a face that the phone knows opens
    the app as well."""

    salt: str
    hash: str
    wrong: int = 0
    biometrics: bool = False

    @classmethod
    def of(cls, digits: str, salt: bytes) -> Self:
        """Slow on purpose: run in a thread."""
        return cls(salt=salt.hex(), hash=_slow_hash(digits, salt))

    def fits(self, digits: str) -> bool:
        """Whether these are the digits. Slow on purpose: run in a thread."""
        return hmac.compare_digest(self.hash, _slow_hash(digits, bytes.fromhex(self.salt)))

    def pause(self) -> int:
        """Seconds until the next try. A start of the app counts them anew, so that setting the
        clock forward shortens nothing."""
        return PAUSES[min(self.wrong, len(PAUSES) - 1)]


def _slow_hash(digits: str, salt: bytes) -> str:
    return hashlib.scrypt(
        digits.encode(), salt=salt, n=COST, r=BLOCK_SIZE, p=PARALLEL, dklen=32
    ).hex()
