"""What an app before this one kept where it no longer belongs."""

import asyncio
from contextlib import suppress

from fieldapp.adapters import access_token
from fieldapp.memory.memory import Memory
from fieldapp.ports import DiskFull, Refused, Safe


async def move_token(memory: Memory, safe: Safe) -> None:
    """An app before this one kept the token in the notebook. Where the safe does not take it, it
    stays there, sealed, until the next start."""
    identity = await asyncio.to_thread(memory.identity)
    if identity and identity.token:
        with suppress(Refused, DiskFull):
            await access_token.store(safe, identity.device, identity.token)
            await asyncio.to_thread(memory.keep_identity, identity.changed(token=""))
