"""A phone that has given itself up is emptied before anything else, however often that begins."""

import asyncio
from pathlib import Path

from fieldapp.adapters import tokens
from fieldapp.adapters.clearing import NOTEBOOK, clear
from fieldapp.device import pin, storage_key, wipe_record
from fieldapp.device.wipe_record import LastWord
from fieldapp.ports import Safe


async def emptied(folder: Path, safe: Safe) -> LastWord | None:
    """What the phone said last, with nothing else left of it; None where nothing was given up.
    Raises OSError: then the next start goes on."""
    word = await wipe_record.heard(safe)
    if word is None:
        return None
    if not await wipe_record.is_over(safe, (folder / NOTEBOOK).exists()):
        await wipe_record.forget(safe)  # the key is there: nothing had happened
        return None
    await storage_key.destroy(safe)
    await asyncio.to_thread(clear, folder)
    await tokens.forget(safe, word.device)
    await safe.put(pin.KEPT, None)
    return word
