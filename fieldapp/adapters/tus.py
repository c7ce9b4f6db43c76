"""Uploads one photo by tus 1.0.0: where it was cut off, it goes on, now or on another day."""

from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from typing import Protocol
from urllib.parse import urljoin

from contract.protocol import WantedPhoto
from fieldapp.adapters.http_messages import HttpResponse, failure_of
from fieldapp.ports import Offline, Refused

PHOTOS_PATH = "/v1/photos/"
CHUNK = 4 * 1024  # bytes: half a second on EDGE, so that what counts as sent has all but left
# In one upload: how many tries in a row may bring no byte of progress, and how many creations.
MAX_FRUITLESS, MAX_CREATIONS = 3, 2
GONE = {404, 410}
CUT_OFF, WRONG_OFFSET = 0, 409  # 0 stands for a request without a response
TUS_VERSION = {"Tus-Resumable": "1.0.0"}
OCTETS = {"Content-Type": "application/offset+octet-stream"}


class SendRequest(Protocol):
    """Sends one request to the bureau with the phone's token, and reads the whole response. Raises
    Offline."""

    async def __call__(
        self, method: str, path: str, headers: dict[str, str], content: AsyncIterator[bytes] | None
    ) -> HttpResponse: ...


class TusUpload:
    """One photo's upload, for one call of `finish`. The offset that the bureau names counts, not
    what was sent. `told` is called with the number of bytes at the bureau."""

    def __init__(self, send: SendRequest, jpeg: bytes, told: Callable[[int], None]) -> None:
        self._send, self._jpeg, self._told = send, jpeg, told
        self._upload: str | None = None  # its path at the bureau
        self._offset = self._creations = 0

    async def finish(self, wanted: WantedPhoto) -> None:
        """Returns once the bureau has confirmed the digest. Goes on after each cut as long as tries
        bring some bytes over. Raises Offline, or Refused."""
        self._upload = wanted.upload
        self._offset = wanted.offset if wanted.upload else 0
        fruitless = 0
        while fruitless < MAX_FRUITLESS:
            before = self._offset
            if await self._is_complete(await self._push(wanted.sha256), wanted.sha256):
                return
            fruitless = 0 if self._offset > before else fruitless + 1
        raise Offline("no_road")

    async def _push(self, sha256: str) -> HttpResponse | None:
        """Creates the upload or continues it, with all bytes that are missing; None if the
        connection was cut."""
        left = {"Content-Length": str(len(self._jpeg) - self._offset)}
        try:
            if self._upload is None:
                return await self._send_rest("POST", PHOTOS_PATH, left | self._creation(sha256))
            offset = {"Upload-Offset": str(self._offset)}
            return await self._send_rest("PATCH", self._upload, left | offset)
        except Offline:
            return None

    def _creation(self, sha256: str) -> dict[str, str]:
        """Raises Refused where the bureau has dropped the upload too often."""
        if self._creations == MAX_CREATIONS:
            raise Refused("upload_gone", 410)
        self._creations += 1
        return self._metadata(sha256)

    async def _send_rest(self, method: str, path: str, headers: dict[str, str]) -> HttpResponse:
        rest = chunks(self._jpeg, self._offset, self._told)
        return await self._send(method, path, TUS_VERSION | OCTETS | headers, rest)

    async def _is_complete(self, response: HttpResponse | None, sha256: str) -> bool:
        """Takes in the bureau's response; asks for its offset where there was none."""
        status = response.status_code if response else CUT_OFF
        if self._upload and status in GONE:
            self._upload, self._offset = None, 0
            return False
        if response is None or status == WRONG_OFFSET:
            response = await self._ask_offset(sha256)
        return response is not None and self._is_confirmed(response, sha256)

    async def _ask_offset(self, sha256: str) -> HttpResponse | None:
        """None if the upload is gone. Where the response to the creation was lost, creating it once
        more gives the same upload with its offset."""
        if self._upload is None:
            return await self._send("POST", PHOTOS_PATH, TUS_VERSION | self._metadata(sha256), None)
        response = await self._send("HEAD", self._upload, TUS_VERSION, None)
        if response.status_code in GONE:
            self._upload, self._offset = None, 0
            return None
        return response

    def _is_confirmed(self, response: HttpResponse, sha256: str) -> bool:
        """Whether the bureau has the whole photo under this digest. Raises Offline or Refused."""
        if response.status_code not in {200, 201, 204}:
            raise failure_of(response)
        if location := response.headers.get("location"):
            self._upload = urljoin(PHOTOS_PATH, location)  # relative to the address of the creation
        self._offset = self._offset_in(response)
        self._told(self._offset)
        digest = response.headers.get("photo-digest", "").lower()
        if self._offset < len(self._jpeg) or (response.status_code == 200 and not digest):
            return False
        if digest != sha256:
            raise Refused("photo_mismatch", response.status_code)
        return True

    def _offset_in(self, response: HttpResponse) -> int:
        """Without an offset it is some network's login page, which gets the photo no second
        time."""
        offset = response.headers.get("upload-offset", "")
        if not offset.isdecimal() or int(offset) > len(self._jpeg):
            raise Offline("not_the_bureau")
        return int(offset)

    def _metadata(self, sha256: str) -> dict[str, str]:
        encoded = b64encode(sha256.encode()).decode()
        return {"Upload-Length": str(len(self._jpeg)), "Upload-Metadata": f"sha256 {encoded}"}


async def chunks(jpeg: bytes, offset: int, told: Callable[[int], None]) -> AsyncIterator[bytes]:
    """The photo's bytes from the offset on; after each chunk has left, calls `told` with the number
    of bytes that have gone."""
    for start in range(offset, len(jpeg), CHUNK):
        chunk = jpeg[start : start + CHUNK]
        yield chunk
        told(start + len(chunk))
