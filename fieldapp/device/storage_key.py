"""The key that seals notebook and album: made once, kept in the safe, not beside what it seals."""

from base64 import b64decode, b64encode
from collections.abc import Callable

from fieldapp.ports import Safe

KEY, BYTES = "storage_key", 32


def new_key(entropy: Callable[[int], bytes]) -> str:
    return b64encode(entropy(BYTES)).decode()


def parse_key(text: str) -> bytes:
    return b64decode(text, validate=True)


async def destroy(safe: Safe) -> None:
    """What it sealed is readable to nobody from here on. Raises OSError: then it may still be."""
    await safe.put(KEY, None)
    if await safe.get(KEY) is not None:
        raise OSError("the safe does not forget")


async def load_or_create(safe: Safe, entropy: Callable[[int], bytes]) -> bytes:
    """Raises OSError when the safe does not answer: then nothing is opened and nothing made new."""
    return parse_key(await safe.settle(KEY, new_key(entropy)))
