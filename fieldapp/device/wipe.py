"""A phone that has given itself up is emptied before anything else, however often that begins."""

import asyncio
from pathlib import Path

from fieldapp import keys, lastword
from fieldapp.adapters import tokens
from fieldapp.adapters.clearing import NOTEBOOK, clear
from fieldapp.lastword import LastWord
from fieldapp.ports import Safe
from fieldapp.state.locking import KEPT as PIN


async def emptied(folder: Path, safe: Safe) -> LastWord | None:
    """What the phone said last, with nothing else left of it; None where nothing was given up.
    Raises OSError: then the next start goes on."""
    word = await lastword.heard(safe)
    if word is None:
        return None
    if not await lastword.is_over(safe, (folder / NOTEBOOK).exists()):
        await lastword.forget(safe)  # the key is there: nothing had happened
        return None
    await keys.destroy(safe)
    await asyncio.to_thread(clear, folder)
    await tokens.forget(safe, word.device)
    await safe.put(PIN, None)
    return word
