"""One photo to the bureau by tus 1.0.0: where it was cut, it goes on, now or another day."""

from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from typing import Protocol
from urllib.parse import urljoin

from contract.protocol import WantedPhoto
from fieldapp.adapters.http_messages import HttpResponse, failure_of
from fieldapp.ports import Offline, Refused

PHOTOS = "/v1/photos/"
PIECE = 4 * 1024  # half a second on EDGE: what is told as sent has all but left
# In one call: how often in a row without a byte of progress, and how often from the beginning.
BARREN, CREATIONS = 3, 2
GONE = {404, 410}
CUT, WRONG_OFFSET = 0, 409
RESUMABLE = {"Tus-Resumable": "1.0.0"}
BYTES = {"Content-Type": "application/offset+octet-stream"}


class SendRequest(Protocol):
    """One request to the bureau, with the phone's token; raises Offline."""

    async def __call__(
        self, method: str, place: str, headers: dict[str, str], content: AsyncIterator[bytes] | None
    ) -> HttpResponse: ...


class TusUpload:
    """The bureau says where the photo stands; we believe it and nothing that we remember."""

    def __init__(self, ask: SendRequest, jpeg: bytes, told: Callable[[int], None]) -> None:
        self._ask, self._jpeg, self._told = ask, jpeg, told
        self._place: str | None = None
        self._offset = self._creations = 0

    async def finish(self, wanted: WantedPhoto) -> None:
        """Until the bureau has confirmed the digest, however often the road is cut meanwhile, as
        long as each time some bytes have come over it. Raises Offline, or Refused."""
        self._place = wanted.upload
        self._offset = wanted.offset if wanted.upload else 0
        barren = 0
        while barren < BARREN:
            before = self._offset
            if await self._is_there(await self._push(wanted.sha256), wanted.sha256):
                return
            barren = 0 if self._offset > before else barren + 1
        raise Offline("no_road")

    async def _is_there(self, said: HttpResponse | None, sha256: str) -> bool:
        status = said.status_code if said else CUT
        if self._place and status in GONE:
            self._place, self._offset = None, 0
            return False
        if said is None or status == WRONG_OFFSET:
            said = await self._look(sha256)
        return said is not None and self._arrived(said, sha256)

    async def _push(self, sha256: str) -> HttpResponse | None:
        """Sends what is missing; None when the road was cut under it."""
        left = {"Content-Length": str(len(self._jpeg) - self._offset)}
        try:
            if self._place is None:
                return await self._send("POST", PHOTOS, left | self._created(sha256))
            at = {"Upload-Offset": str(self._offset)}
            return await self._send("PATCH", self._place, left | at)
        except Offline:
            return None

    def _created(self, sha256: str) -> dict[str, str]:
        if self._creations == CREATIONS:
            raise Refused("upload_gone", 410)
        self._creations += 1
        return self._named(sha256)

    async def _send(self, method: str, place: str, headers: dict[str, str]) -> HttpResponse:
        pieces = chunks(self._jpeg, self._offset, self._told)
        return await self._ask(method, place, RESUMABLE | BYTES | headers, pieces)

    async def _look(self, sha256: str) -> HttpResponse | None:
        """Asks where it stands, on a road that was cut or by an offset that was wrong. When nothing
        was heard of the creation, creating it again says so; None when it is gone."""
        if self._place is None:
            return await self._ask("POST", PHOTOS, RESUMABLE | self._named(sha256), None)
        said = await self._ask("HEAD", self._place, RESUMABLE, None)
        if said.status_code in GONE:
            self._place, self._offset = None, 0
            return None
        return said

    def _arrived(self, said: HttpResponse, sha256: str) -> bool:
        if said.status_code not in {200, 201, 204}:
            raise failure_of(said)
        if location := said.headers.get("location"):
            self._place = urljoin(PHOTOS, location)  # it is told as seen from there
        self._offset = self._reached(said)
        self._told(self._offset)
        digest = said.headers.get("photo-digest", "").lower()
        if self._offset < len(self._jpeg) or (said.status_code == 200 and not digest):
            return False
        if digest != sha256:
            raise Refused("photo_mismatch", said.status_code)
        return True

    def _reached(self, said: HttpResponse) -> int:
        """Without an offset it is some network's login page: it gets the photo no second time."""
        offset = said.headers.get("upload-offset", "")
        if not offset.isdecimal() or int(offset) > len(self._jpeg):
            raise Offline("not_the_bureau")
        return int(offset)

    def _named(self, sha256: str) -> dict[str, str]:
        name = b64encode(sha256.encode()).decode()
        return {"Upload-Length": str(len(self._jpeg)), "Upload-Metadata": f"sha256 {name}"}


async def chunks(jpeg: bytes, offset: int, told: Callable[[int], None]) -> AsyncIterator[bytes]:
    """Its bytes from the offset on; `told` hears how far it has come as each piece has left."""
    for start in range(offset, len(jpeg), PIECE):
        piece = jpeg[start : start + PIECE]
        yield piece
        told(start + len(piece))
