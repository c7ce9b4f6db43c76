"""Several photos to the bureau in one request, where the road is quick."""

from collections.abc import AsyncIterator, Callable, Sequence

from contract.protocol import Wanted
from fieldapp.adapters.envelope import trouble
from fieldapp.adapters.tus import BYTES, PHOTOS, RESUMABLE, Ask, in_pieces

TOGETHER = f"{PHOTOS}together"
Load = tuple[Wanted, bytes]
Begin = Callable[[Wanted], Callable[[int], None]]


async def sent(ask: Ask, loads: Sequence[Load], begin: Begin) -> frozenset[str]:
    """The digests that the bureau has confirmed. Raises Offline, or Refused."""
    named = ", ".join(f"{wanted.sha256}={len(jpeg)}" for wanted, jpeg in loads)
    length = sum(len(jpeg) for _, jpeg in loads)
    told = {"Photos": named, "Content-Length": str(length)}
    said = await ask("POST", TOGETHER, RESUMABLE | BYTES | told, _pieces(loads, begin))
    if said.status_code != 201:
        raise trouble(said)
    confirmed = said.headers.get("photo-digest", "").lower().split(", ")
    return frozenset(confirmed) & {wanted.sha256 for wanted, _ in loads}


async def _pieces(loads: Sequence[Load], begin: Begin) -> AsyncIterator[bytes]:
    for wanted, jpeg in loads:
        async for piece in in_pieces(jpeg, 0, begin(wanted)):
            yield piece
