"""The text of the QR code that enrols a phone: one-time code, server address, certificate."""

import re
from typing import Self

from contract.typed_address import fold_typed, read_address
from contract.value import Value

MARK = "xuncha:1"  # the first field; a later format has another number
BEGINNING = re.compile(re.escape(f"{MARK};"), re.IGNORECASE)
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
        """The invitation in a text that was scanned or pasted, with whatever stands before it, as
        a Chinese keyboard writes it or a messenger breaks it into lines; None if there is none."""
        found = BEGINNING.search(fold_typed(text))
        rest = found.string[found.end() :].split(";", 2) if found else []
        if len(rest) != 3 or not rest[0] or not rest[2]:
            return None
        code, fingerprint, address = rest[0], rest[1], read_address(rest[2])
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
