"""What a bureau's code for a new phone says: the one-time code, the address, the certificate."""

import re
from typing import Self

from contract.value import Value

MARK = "xuncha:1"  # the first field; a later kind of invitation has another number
FINGERPRINT = re.compile(r"[0-9a-f]{64}")


class Invitation(Value):
    """`fingerprint` is the SHA-256 of the server's certificate (DER), in hex; empty where the
    certificate is one that every phone trusts anyway."""

    code: str
    address: str
    fingerprint: str = ""

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """From what a camera read or a worker pasted; None when it is none."""
        mark, *rest = text.strip().split(";", 3)
        if mark != MARK or len(rest) != 3 or not rest[0] or not rest[2]:
            return None
        code, fingerprint, address = rest
        if fingerprint and not FINGERPRINT.fullmatch(fingerprint):
            return None
        return cls(code=code, address=address, fingerprint=fingerprint)

    def text(self) -> str:
        """What stands in the QR code. The address comes last, for it may hold any sign."""
        return ";".join((MARK, self.code, self.fingerprint, self.address))

    def pinned_address(self) -> str:
        """The address as a phone keeps it: with the certificate it may meet there, and no other,
        behind a `#`, which never goes on the road."""
        return f"{self.address}#{self.fingerprint}" if self.fingerprint else self.address
