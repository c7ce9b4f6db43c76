"""Prints a one-time code for a worker: to type, and as a QR code to scan."""

import ssl
from hashlib import sha256
from pathlib import Path
from typing import TextIO

import segno

from contract.invitation import Invitation
from sync_server.settings import Settings

QUIET_MODULES = 2  # the light border of the QR code, for dark terminals


def fingerprint(certificate: Path) -> str:
    """SHA-256 in hexadecimal of the first certificate in a PEM file: the server's own."""
    pem = certificate.read_text()
    end = "-----END CERTIFICATE-----"
    first = pem[pem.index("-----BEGIN CERTIFICATE-----") : pem.index(end) + len(end)]
    return sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest()


def invitation(settings: Settings, code: str) -> Invitation:
    """Code, address, and the fingerprint of the certificate if this server has its own."""
    pin = fingerprint(Path(settings.certificate)) if settings.certificate else ""
    return Invitation(code=code, address=settings.address, fingerprint=pin)


def show(settings: Settings, code: str, out: TextIO) -> None:
    """Prints the code; with it the invitation as QR code and text, if the settings name the address
    of this server."""
    print(*(code[at : at + 4] for at in range(0, len(code), 4)), file=out)
    if not settings.address:
        return
    text = invitation(settings, code).text()
    segno.make(text, micro=False, error="m").terminal(out=out, border=QUIET_MODULES, compact=True)
    print(text, file=out)
