"""What a revoked phone keeps of itself: a record in the safe that says why everything is gone."""

from contract import wire
from contract.value import Code, Name, Value, When
from fieldapp.device import storage_key
from fieldapp.ports import Safe

KEPT = "wipe_record"  # under this name in the safe


class WipeRecord(Value):
    """When this phone was wiped, and as which `device` of which bureau; how many unsent reports it
    handed over, and how many drafts were deleted. `language` is the one to tell it in."""

    at: When
    device: Code
    bureau_name: Name = ""
    handed: int = 0
    drafts: int = 0
    language: Code = "zh"


async def begin_wipe(safe: Safe, record: WipeRecord) -> None:
    """Keeps the record, then destroys the key, after which nothing can be read any more. Raises
    OSError."""
    await safe.put(KEPT, wire.encode(record).decode())
    await storage_key.destroy(safe)


async def load(safe: Safe) -> WipeRecord | None:
    """Raises OSError."""
    kept = await safe.get(KEPT)
    return wire.decode(WipeRecord, kept.encode()) if kept else None


async def is_begun(safe: Safe, notebook_exists: bool) -> bool:
    """Whether a phone that has a record lost something already: its key is gone, or came back with
    a safe that lost its last write, when the notebook had been deleted."""
    return not notebook_exists or await safe.get(storage_key.KEY) is None


async def forget(safe: Safe) -> None:
    """The worker has read it, or nothing came of it. Raises OSError."""
    await safe.put(KEPT, None)
