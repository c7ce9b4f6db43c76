"""Sends several photos to the bureau in one request, for quick connections."""

from collections.abc import AsyncIterator, Callable, Sequence

from contract.protocol import WantedPhoto
from fieldapp.adapters.http_messages import failure_of
from fieldapp.adapters.tus import OCTETS, PHOTOS_PATH, TUS_VERSION, SendRequest, chunks

TOGETHER_PATH = f"{PHOTOS_PATH}together"
Load = tuple[WantedPhoto, bytes]
Begin = Callable[[WantedPhoto], Callable[[int], None]]


async def send_together(send: SendRequest, loads: Sequence[Load], begin: Begin) -> frozenset[str]:
    """Returns the digests that the bureau has confirmed. `begin` is called as each photo's turn
    comes, and what it returned with the bytes that have left. Raises Offline, or Refused."""
    named = ", ".join(f"{wanted.sha256}={len(jpeg)}" for wanted, jpeg in loads)
    length = sum(len(jpeg) for _, jpeg in loads)
    headers = TUS_VERSION | OCTETS | {"Photos": named, "Content-Length": str(length)}
    response = await send("POST", TOGETHER_PATH, headers, _all_chunks(loads, begin))
    if response.status_code != 201:
        raise failure_of(response)
    confirmed = response.headers.get("photo-digest", "").lower().split(", ")
    return frozenset(confirmed) & {wanted.sha256 for wanted, _ in loads}


async def _all_chunks(loads: Sequence[Load], begin: Begin) -> AsyncIterator[bytes]:
    for wanted, jpeg in loads:
        async for chunk in chunks(jpeg, 0, begin(wanted)):
            yield chunk
