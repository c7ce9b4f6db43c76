"""A one-time code as a worker gets it: to type, and as a QR code for the phone's camera."""

import ssl
from hashlib import sha256
from pathlib import Path
from typing import TextIO

import segno

from contract.invitation import Invitation
from sync_server.settings import Settings

QUIET = 2  # modules of light around the code, for terminals with a dark ground


def fingerprint(certificate: Path) -> str:
    """SHA-256 of the first certificate in a PEM file, the one that a server shows."""
    pem = certificate.read_text()
    end = "-----END CERTIFICATE-----"
    first = pem[pem.index("-----BEGIN CERTIFICATE-----") : pem.index(end) + len(end)]
    return sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest()


def invitation(settings: Settings, code: str) -> Invitation:
    pin = fingerprint(Path(settings.certificate)) if settings.certificate else ""
    return Invitation(code=code, address=settings.address, fingerprint=pin)


def show(settings: Settings, code: str, out: TextIO) -> None:
    """The code alone where nobody has said under which address phones find this server."""
    print(f"{code[:4]} {code[4:]}", file=out)
    if not settings.address:
        return
    text = invitation(settings, code).text()
    segno.make(text, micro=False, error="m").terminal(out=out, border=QUIET, compact=True)
    print(text, file=out)
