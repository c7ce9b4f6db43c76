"""How a safe that one program writes at a time keeps the first text under a name."""

from fieldapp.ports import Safe


async def settle_alone(safe: Safe, name: str, text: str) -> str:
    """Safe.settle, reading back what was written: nothing may be sealed with a key that is not
    kept. Raises OSError."""
    if (kept := await safe.get(name)) is None:
        await safe.put(name, text)
        kept = await safe.get(name)
    if kept is None:
        raise OSError("the safe keeps nothing")
    return kept
