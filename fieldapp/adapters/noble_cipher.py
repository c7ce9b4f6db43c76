"""AES-GCM and scrypt by @noble's scripts, in a browser: the same bytes as on other phones."""

from collections.abc import Callable

from fieldapp.adapters.ciphers import KEY_BYTES, AeadCipher
from fieldapp.adapters.page_scripts import PageScripts
from fieldapp.ports import CannotOpen


class NobleCipher(AeadCipher):
    """Port Cipher."""

    def __init__(self, scripts: PageScripts, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("a key has 32 bytes")
        super().__init__(_NobleAead(scripts, key))


class _NobleAead:
    """AesGcm over the page's script."""

    def __init__(self, scripts: PageScripts, key: bytes) -> None:
        self._scripts, self._key = scripts, key

    def encrypt(self, nonce: bytes, content: bytes, place: bytes) -> bytes:
        return self._scripts.aes_seal(self._key, nonce, place, content)

    def decrypt(self, nonce: bytes, sealed: bytes, place: bytes) -> bytes:
        opened = self._scripts.aes_open(self._key, nonce, place, sealed)
        if opened is None:
            raise CannotOpen(place.decode())
        return opened


def noble_slow_hash(
    scripts: PageScripts, cost: tuple[int, int, int, int]
) -> Callable[[str, bytes], str]:
    """scrypt of a PIN in hexadecimal; `cost` is n, r, p and the length in bytes."""

    def hashed(digits: str, salt: bytes) -> str:
        return scripts.scrypt(digits.encode(), salt, cost).hex()

    return hashed
