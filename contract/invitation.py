"""The text of the QR code that enrols a phone: one-time code, server address, certificate."""

import re
from typing import Self

from contract.value import Value

MARK = "xuncha:1"  # the first field; a later format has another number
FINGERPRINT = re.compile(r"[0-9a-f]{64}")


class Invitation(Value):
    """An invitation for one phone. `code` is the one-time code, `address` the server's URL;
    `fingerprint` is the SHA-256 of the server's certificate (DER) in 64 lower-case hexadecimal
    digits, empty where a public authority signed the certificate. Never crosses the wire."""

    code: str
    address: str
    fingerprint: str = ""

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The invitation in a text that was scanned or pasted, spaces around it ignored; None if
        the text is no invitation."""
        mark, *rest = text.strip().split(";", 3)
        if mark != MARK or len(rest) != 3 or not rest[0] or not rest[2]:
            return None
        code, fingerprint, address = rest
        if fingerprint and not FINGERPRINT.fullmatch(fingerprint):
            return None
        return cls(code=code, address=address, fingerprint=fingerprint)

    def text(self) -> str:
        """The text for the QR code. The address comes last because it may contain ";"."""
        return ";".join((MARK, self.code, self.fingerprint, self.address))

    def pinned_address(self) -> str:
        """The address as a phone stores it: "https://…#<fingerprint>" where only this certificate
        is to be trusted. The part after "#" is never sent."""
        return f"{self.address}#{self.fingerprint}" if self.fingerprint else self.address
