"""Encrypts what phones sent, under a key that lies in a file apart from database and backups."""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync_server.store.photo_folder import sync_folder

KEY_BYTES = 32
# 96 random bits (NIST SP 800-38D, 8.2.2): one key may seal 2^32 times, a county makes 10^7.
NONCE_BYTES = 12
# How all that is sealed begins. What was kept in the clear before has no such beginning.
MARK = b"\x01sealed\x01"


class UnfitKey(Exception):
    """The file holds no key, or another one than that under which the database is sealed."""


class NotOpened(Exception):
    """Sealed under another key, or changed or moved since."""


@dataclass(frozen=True)
class ArrivalKey:
    """AES-256-GCM under `secret`, 32 bytes. The digest of the plain bytes is authenticated: what
    was moved to another row does not open."""

    secret: bytes = field(repr=False)

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self.secret)

    @property
    def fingerprint(self) -> str:
        """Tells one key from another, and nothing of the key."""
        return sha256(b"fingerprint of an arrival key" + self.secret).hexdigest()

    def sealed(self, plain: bytes, digest: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return MARK + nonce + self._cipher.encrypt(nonce, plain, digest.encode())

    def opened(self, kept: bytes, digest: str) -> bytes:
        """The plain bytes; what is not sealed as it is. Raises NotOpened."""
        if not is_sealed(kept):
            return kept
        start = len(MARK) + NONCE_BYTES
        try:
            return self._cipher.decrypt(kept[len(MARK) : start], kept[start:], digest.encode())
        except (InvalidTag, ValueError) as error:
            raise NotOpened(digest) from error


def is_sealed(kept: bytes) -> bool:
    """Whether these bytes are sealed, under whichever key."""
    return kept.startswith(MARK)


def read_key(file: Path) -> ArrivalKey | None:
    """The key in this file; None if there is no file. Raises UnfitKey, and OSError for a file that
    cannot be read."""
    try:
        written = file.read_text("ascii").strip()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise UnfitKey(file) from error
    try:
        secret = bytes.fromhex(written)
    except ValueError as error:
        raise UnfitKey(file) from error
    if len(secret) != KEY_BYTES:
        raise UnfitKey(file)
    return ArrivalKey(secret)


def make_key(file: Path) -> ArrivalKey:
    """A new key in this file, its owner's alone (0600) and on the disk before it is used; the one
    that another process has put there meanwhile."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(secrets.token_bytes(KEY_BYTES).hex() + "\n")
        out.flush()
        os.fsync(out.fileno())
    try:
        with suppress(FileExistsError):  # another process was first, and its key is read below
            os.link(new, file)  # whole or not at all, and never over a key that is there
    finally:
        new.unlink()
    sync_folder(str(file.parent))
    made = read_key(file)
    if made is None:
        raise UnfitKey(file)
    return made
