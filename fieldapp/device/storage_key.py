"""The key that seals notebook and album: made once, kept in the safe, apart from what it seals."""

from base64 import b64decode, b64encode
from collections.abc import Callable

from fieldapp.ports import Safe

KEY, BYTES = "storage_key", 32


def new_key(entropy: Callable[[int], bytes]) -> str:
    """A new key of BYTES random bytes as text (base64); `entropy(n)` gives n random bytes."""
    return b64encode(entropy(BYTES)).decode()


def parse_key(text: str) -> bytes:
    return b64decode(text, validate=True)


async def destroy(safe: Safe) -> None:
    """Nobody can read what it sealed from here on. Raises OSError: then the key may still exist."""
    await safe.put(KEY, None)
    if await safe.get(KEY) is not None:
        raise OSError("the safe does not forget")


async def load_or_create(safe: Safe, entropy: Callable[[int], bytes]) -> bytes:
    """The key of BYTES bytes. Raises OSError when the safe does not answer: then nothing can be
    opened, and nothing may be begun anew beside what the key has sealed."""
    return parse_key(await safe.settle(KEY, new_key(entropy)))
