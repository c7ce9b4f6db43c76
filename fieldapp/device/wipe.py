"""Finishes emptying a phone that was revoked, before the app opens anything."""

from fieldapp.device import access_token, pin, storage_key, wipe_record
from fieldapp.device.wipe_record import WipeRecord
from fieldapp.ports import PhoneFiles, Safe
from fieldapp.ports.background import in_background


async def finish_wipe(safe: Safe, files: PhoneFiles) -> WipeRecord | None:
    """Deletes key, files, token and PIN if a wipe was begun; returns what the phone recorded of it,
    at each start until that is forgotten. None where no wipe was begun. Raises OSError: then the
    next start goes on."""
    record = await wipe_record.load(safe)
    if record is None:
        return None
    if not await wipe_record.is_begun(safe, files.has_notebook()):
        await wipe_record.forget(safe)  # the key is there: nothing was deleted yet
        return None
    await storage_key.destroy(safe)
    await in_background(files.delete_all)
    await access_token.forget(safe, record.device)
    await safe.put(pin.KEPT, None)
    return record
