"""Several photos to the bureau in one request, where the road is quick."""

from collections.abc import AsyncIterator, Callable, Sequence

from contract.protocol import WantedPhoto
from fieldapp.adapters.http_messages import failure_of
from fieldapp.adapters.tus import BYTES, PHOTOS, RESUMABLE, SendRequest, chunks

TOGETHER = f"{PHOTOS}together"
Load = tuple[WantedPhoto, bytes]
Begin = Callable[[WantedPhoto], Callable[[int], None]]


async def send_together(ask: SendRequest, loads: Sequence[Load], begin: Begin) -> frozenset[str]:
    """The digests that the bureau has confirmed. Raises Offline, or Refused."""
    named = ", ".join(f"{wanted.sha256}={len(jpeg)}" for wanted, jpeg in loads)
    length = sum(len(jpeg) for _, jpeg in loads)
    told = {"Photos": named, "Content-Length": str(length)}
    said = await ask("POST", TOGETHER, RESUMABLE | BYTES | told, _pieces(loads, begin))
    if said.status_code != 201:
        raise failure_of(said)
    confirmed = said.headers.get("photo-digest", "").lower().split(", ")
    return frozenset(confirmed) & {wanted.sha256 for wanted, _ in loads}


async def _pieces(loads: Sequence[Load], begin: Begin) -> AsyncIterator[bytes]:
    for wanted, jpeg in loads:
        async for piece in chunks(jpeg, 0, begin(wanted)):
            yield piece
