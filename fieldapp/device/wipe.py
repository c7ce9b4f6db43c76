"""A phone that has given itself up is emptied before anything else, however often that begins."""

import asyncio
from pathlib import Path

from fieldapp.adapters import access_token
from fieldapp.adapters.wipe_folder import NOTEBOOK, wipe_folder
from fieldapp.device import pin, storage_key, wipe_record
from fieldapp.device.wipe_record import WipeRecord
from fieldapp.ports import Safe


async def finish_wipe(folder: Path, safe: Safe) -> WipeRecord | None:
    """What the phone said last, with nothing else left of it; None where nothing was given up.
    Raises OSError: then the next start goes on."""
    word = await wipe_record.load(safe)
    if word is None:
        return None
    if not await wipe_record.is_begun(safe, (folder / NOTEBOOK).exists()):
        await wipe_record.forget(safe)  # the key is there: nothing had happened
        return None
    await storage_key.destroy(safe)
    await asyncio.to_thread(wipe_folder, folder)
    await access_token.forget(safe, word.device)
    await safe.put(pin.KEPT, None)
    return word
