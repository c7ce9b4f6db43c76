"""AES-GCM by cryptography, on phones and hosts."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fieldapp.adapters.ciphers import KEY_BYTES, AeadCipher
from fieldapp.ports import CannotOpen


class AesCipher(AeadCipher):
    """Port Cipher."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("a key has 32 bytes")
        super().__init__(_CryptographyAead(AESGCM(key)))


class _CryptographyAead:
    """AesGcm over cryptography's."""

    def __init__(self, aead: AESGCM) -> None:
        self._aead = aead

    def encrypt(self, nonce: bytes, content: bytes, place: bytes) -> bytes:
        return self._aead.encrypt(nonce, content, place)

    def decrypt(self, nonce: bytes, sealed: bytes, place: bytes) -> bytes:
        try:
            return self._aead.decrypt(nonce, sealed, place)
        except InvalidTag as error:
            raise CannotOpen(place.decode()) from error
