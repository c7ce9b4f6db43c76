"""What a revoked phone remembers of itself: one word in the safe, and no key beside it."""

from contract import wire
from contract.value import Code, Name, Value, When
from fieldapp.device import storage_key
from fieldapp.ports import Safe

KEPT = "last_word"  # under this name in the safe


class WipeRecord(Value):
    """When this phone gave itself up, as `device` of which bureau; how many unsent reports it
    handed over, and how many drafts were on it. `language` is the one to say it in."""

    at: When
    device: Code
    bureau_name: Name = ""
    handed: int = 0
    drafts: int = 0
    language: Code = "zh"


async def begin_wipe(safe: Safe, word: WipeRecord) -> None:
    """The word first, then the key goes: from there on there is no way back. Raises OSError."""
    await safe.put(KEPT, wire.encode(word).decode())
    await storage_key.destroy(safe)


async def load(safe: Safe) -> WipeRecord | None:
    """Raises OSError."""
    kept = await safe.get(KEPT)
    return wire.decode(WipeRecord, kept.encode()) if kept else None


async def is_begun(safe: Safe, notebook_is_here: bool) -> bool:
    """Whether the phone that said its last word has come past the point of no return: its key is
    gone, or came back from a safe that was cut short, too late for its notebook."""
    return not notebook_is_here or await safe.get(storage_key.KEY) is None


async def forget(safe: Safe) -> None:
    """It was read, or nothing came of it."""
    await safe.put(KEPT, None)
