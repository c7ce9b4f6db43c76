"""AES-GCM, so that what lies on the phone's flash is readable and changeable only with its key."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fieldapp.ports import CannotOpen

MARK = b"\x01"  # the first byte of all that is sealed; no JPEG and no JSON begins so
# 96 random bits (NIST SP 800-38D, 8.2.2): one key may seal 2^32 times; a phone does 10^7 at most.
NONCE = 12
KEY = 32


class AesCipher:
    """Port Cipher. The place is sealed in: a value moved to another row or name does not open."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY:
            raise ValueError("a key has 32 bytes")
        self._aead = AESGCM(key)

    def seal(self, content: bytes, place: str) -> bytes:
        nonce = os.urandom(NONCE)
        return MARK + nonce + self._aead.encrypt(nonce, content, MARK + place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        start = len(MARK) + NONCE
        if not self.is_sealed(sealed) or len(sealed) < start:
            raise CannotOpen(place)
        nonce = sealed[len(MARK) : start]
        try:
            return self._aead.decrypt(nonce, sealed[start:], MARK + place.encode())
        except InvalidTag as error:
            raise CannotOpen(place) from error

    def is_sealed(self, content: bytes) -> bool:
        return content.startswith(MARK)


class Clear:
    """Port Cipher for tests and benches that look into the files: nothing is hidden."""

    def seal(self, content: bytes, place: str) -> bytes:
        return content

    def open(self, sealed: bytes, place: str) -> bytes:
        return sealed

    def is_sealed(self, content: bytes) -> bool:
        return True
