"""On a web host, for trying out: each browser profile is a phone, whose files are on the host."""

from hashlib import sha256
from pathlib import Path

from fieldapp.adapters.cryptography_cipher import AesCipher
from fieldapp.adapters.file_safe import FileSafe
from fieldapp.platforms.installation import Installation
from fieldapp.platforms.native import NATIVE


def phone_folder(phones: Path, secret: str) -> Path:
    """Named by a digest of the secret, so that neither a file listing nor a guess opens a phone."""
    return phones / sha256(secret.encode()).hexdigest()[:32]


def installation_of(phones: Path, secret: str, address: str) -> Installation:
    """A phone whose safe is sealed by another digest. The secret itself is in the browser alone:
    whoever has the host's disk cannot read the safe. `address` is the only server it reaches."""
    folder = phone_folder(phones, secret)
    key = sha256(f"safe/{secret}".encode()).digest()
    safe = FileSafe(folder / "safe", AesCipher(key))
    return Installation(folder, address, safe, NATIVE, only=address)
