"""AES-GCM, so that what lies on the phone's flash is readable and changeable only with its key."""

import os
from typing import Protocol

from fieldapp.ports import CannotOpen

VERSION = b"\x01"  # the first byte of all that is sealed; no JPEG and no JSON begins so
# 96 random bits (NIST SP 800-38D, 8.2.2): one key may seal 2^32 times; a phone does 10^7 at most.
NONCE_BYTES = 12
KEY_BYTES = 32


class AesGcm(Protocol):
    """AES-GCM under one key, by whatever library this platform has."""

    def encrypt(self, nonce: bytes, content: bytes, place: bytes) -> bytes:
        """The ciphertext with its tag of 16 bytes behind it; `place` is authenticated."""
        ...

    def decrypt(self, nonce: bytes, sealed: bytes, place: bytes) -> bytes:
        """Raises CannotOpen."""
        ...


class AeadCipher:
    """Port Cipher. The place is authenticated: a value moved to another row or name does not
    open."""

    def __init__(self, aead: AesGcm) -> None:
        self._aead = aead

    def seal(self, content: bytes, place: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._aead.encrypt(nonce, content, VERSION + place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        start = len(VERSION) + NONCE_BYTES
        if not sealed.startswith(VERSION) or len(sealed) < start:
            raise CannotOpen(place)
        nonce = sealed[len(VERSION) : start]
        return self._aead.decrypt(nonce, sealed[start:], VERSION + place.encode())


class Clear:
    """Port Cipher that hides nothing, for tests and benches that look into the files."""

    def seal(self, content: bytes, place: str) -> bytes:
        return content

    def open(self, sealed: bytes, place: str) -> bytes:
        return sealed
