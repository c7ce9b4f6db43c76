"""AES-GCM, so that what lies on the phone's flash is readable and changeable only with its key."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fieldapp.ports import CannotOpen

VERSION = b"\x01"  # the first byte of all that is sealed; no JPEG and no JSON begins so
# 96 random bits (NIST SP 800-38D, 8.2.2): one key may seal 2^32 times; a phone does 10^7 at most.
NONCE_BYTES = 12
KEY_BYTES = 32


class AesCipher:
    """Port Cipher. The place is authenticated: a value moved to another row or name does not
    open."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("a key has 32 bytes")
        self._aead = AESGCM(key)

    def seal(self, content: bytes, place: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._aead.encrypt(nonce, content, VERSION + place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        start = len(VERSION) + NONCE_BYTES
        if not sealed.startswith(VERSION) or len(sealed) < start:
            raise CannotOpen(place)
        nonce = sealed[len(VERSION) : start]
        try:
            return self._aead.decrypt(nonce, sealed[start:], VERSION + place.encode())
        except InvalidTag as error:
            raise CannotOpen(place) from error


class Clear:
    """Port Cipher that hides nothing, for tests and benches that look into the files."""

    def seal(self, content: bytes, place: str) -> bytes:
        return content

    def open(self, sealed: bytes, place: str) -> bytes:
        return sealed
