"""Uploads one photo by tus 1.0.0: where it was cut off, it goes on, now or on another day."""

from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from contract.protocol import WantedPhoto
from fieldapp.adapters.http_messages import (
    PROBLEM,
    HttpResponse,
    failure_of,
    header_of,
    media_type,
    problem_in,
)
from fieldapp.ports import Offline, Refused

PHOTOS_PATH = "/v1/photos/"
CHUNK = 4 * 1024  # bytes: half a second on EDGE, so that what counts as sent has all but left
# In one upload: how many tries in a row may bring no byte of progress, and how many creations.
MAX_FRUITLESS, MAX_CREATIONS = 3, 2
GONE, WRONG_OFFSET = {404, 410}, 409
# How a proxy says that a method is not allowed; 5xx of any kind also comes from such.
FORBIDS = {400, 403, 404, 405, 406, 410, 411, 501, 502, 503}
BROKEN_OFF = {"no_road", "timed_out"}  # why there was no answer
OVERRIDE = {"X-HTTP-Method-Override": "PATCH"}  # tus 1.0.0 names it
TUS_VERSION = {"Tus-Resumable": "1.0.0"}
OCTETS = {"Content-Type": "application/offset+octet-stream"}


class SendRequest(Protocol):
    """Sends one request to the bureau with the phone's token, and reads the whole response. Raises
    Offline."""

    async def __call__(
        self, method: str, path: str, headers: dict[str, str], content: "PhotoBytes | None"
    ) -> HttpResponse: ...


@dataclass(slots=True)
class AllowedMethods:
    """What was learned of the network and the bureau: whether PATCH is not let through, and whether
    this bureau knows no `X-HTTP-Method-Override`."""

    as_post: bool = False
    no_override: bool = False


class TusUpload:
    """One photo's upload, for one call of `finish`. The offset that the bureau names counts, not
    what was sent. `told` is called with the number of bytes at the bureau."""

    def __init__(
        self,
        send: SendRequest,
        jpeg: bytes,
        told: Callable[[int], None],
        methods: AllowedMethods | None = None,
    ) -> None:
        self._send, self._jpeg, self._tell = send, jpeg, told
        self._methods = methods or AllowedMethods()
        self._upload: str | None = None  # its path at the bureau
        self._offset = self._creations = self._left = 0
        self._is_patch_forbidden = False
        self._whole = False  # neither PATCH nor its override is let through: POST, from byte 0

    async def finish(self, wanted: WantedPhoto) -> None:
        """Returns once the bureau has confirmed the digest. Goes on after each cut as long as tries
        bring some bytes over. Raises Offline, or Refused; what has left and was not confirmed is
        then not told as arrived."""
        self._upload = wanted.upload
        self._offset = wanted.offset if wanted.upload else 0
        try:
            await self._finish(wanted.sha256)
        except Offline as offline:
            if offline.why not in BROKEN_OFF or self._left >= len(self._jpeg):
                self._told(self._offset)
            raise
        except Refused:
            self._told(self._offset)
            raise

    async def _finish(self, sha256: str) -> None:
        fruitless = 0
        while fruitless < MAX_FRUITLESS:
            before = self._offset
            if await self._is_complete(await self._push(sha256), sha256):
                return
            fruitless = 0 if self._offset > before else fruitless + 1
        raise Offline("no_road")

    def _told(self, reached: int) -> None:
        self._left = reached
        self._tell(reached)

    async def _push(self, sha256: str) -> HttpResponse | None:
        """Creates the upload or continues it, with all bytes that are missing; None if the
        connection was cut."""
        try:
            if self._upload is None:
                return await self._send_from(0, "POST", PHOTOS_PATH, self._creation(sha256))
            if self._whole:
                return await self._send_from(0, "POST", PHOTOS_PATH, self._metadata(sha256))
            offset = {"Upload-Offset": str(self._offset)}
            if self._methods.as_post:
                return await self._send_from(self._offset, "POST", self._upload, offset | OVERRIDE)
            return await self._send_from(self._offset, "PATCH", self._upload, offset)
        except Offline as offline:
            if offline.why not in BROKEN_OFF:
                raise
            return None

    def _creation(self, sha256: str) -> dict[str, str]:
        """Raises Offline where the upload was dropped, or not named in the answer, too often."""
        if self._creations == MAX_CREATIONS:
            raise Offline("upload_gone")
        self._creations += 1
        return self._metadata(sha256)

    async def _send_from(
        self, start: int, method: str, path: str, headers: dict[str, str]
    ) -> HttpResponse:
        rest = PhotoBytes(self._jpeg, start, self._told)
        length = {"Content-Length": str(len(self._jpeg) - start)}
        return await self._send(method, path, TUS_VERSION | OCTETS | length | headers, rest)

    async def _is_complete(self, response: HttpResponse | None, sha256: str) -> bool:
        """Takes in the bureau's response; asks for its offset where there was none, or where
        somebody else forbade the method."""
        before = self._offset
        if response is not None and self._has_begun_anew(response):
            return False
        was_cut = response is None
        is_forbidden = response is not None and self._is_forbidden(response)
        if response is None or response.status_code == WRONG_OFFSET or is_forbidden:
            response = await self._ask_offset(sha256, by_head=not is_forbidden)
            reached = self._offset_named(response)
            if reached is not None and (is_forbidden or (was_cut and reached == before)):
                self._try_another_method(is_forbidden)
        return response is not None and self._is_confirmed(response, sha256)

    def _has_begun_anew(self, response: HttpResponse) -> bool:
        """Whether the bureau says that the upload is gone, or that it knows no override."""
        if self._upload is None or media_type(response) != PROBLEM:
            return False
        if response.status_code == 405 and self._methods.as_post:
            self._methods.as_post, self._methods.no_override = False, True
            self._whole = self._is_patch_forbidden
            return True
        if response.status_code in GONE:
            self._upload, self._offset = None, 0
            return True
        return False

    def _is_forbidden(self, response: HttpResponse) -> bool:
        """Whether not the bureau, but somebody on the way says no to continuing an upload."""
        if self._upload is None or self._whole or response.status_code not in FORBIDS:
            return False
        return problem_in(response) is None

    def _try_another_method(self, is_forbidden: bool) -> None:
        """PATCH, then POST that says it is one, then, only where both are forbidden, a creation
        with all bytes, of which the bureau skips what it has."""
        self._is_patch_forbidden |= is_forbidden
        if self._upload and not (self._methods.as_post or self._methods.no_override):
            self._methods.as_post = True
        elif is_forbidden:
            self._whole = True

    async def _ask_offset(self, sha256: str, *, by_head: bool) -> HttpResponse | None:
        """None if the upload is gone. Creating it once more gives the same upload with its offset:
        where the response to the creation was lost, or HEAD is not let through."""
        if self._upload is not None and by_head:
            response = await self._send("HEAD", self._upload, TUS_VERSION, None)
            if self._has_begun_anew(response):
                return None
            if response.status_code == 200 and header_of(response, "upload-offset"):
                return response
        return await self._send("POST", PHOTOS_PATH, TUS_VERSION | self._metadata(sha256), None)

    def _offset_named(self, response: HttpResponse | None) -> int | None:
        offset = header_of(response, "upload-offset") if response else ""
        return int(offset) if offset.isdecimal() else None

    def _is_confirmed(self, response: HttpResponse, sha256: str) -> bool:
        """Whether the bureau has the whole photo under this digest. Raises Offline or Refused."""
        if response.status_code not in {200, 201, 204}:
            raise failure_of(response)
        if location := header_of(response, "location"):
            self._upload = _upload_path(location)
        self._offset = self._offset_in(response)
        self._told(self._offset)
        digest = header_of(response, "photo-digest").lower()
        if self._offset < len(self._jpeg) or (response.status_code == 200 and not digest):
            return False
        if digest != sha256:
            raise Offline("photo_mismatch" if digest else "not_the_bureau")
        return True

    def _offset_in(self, response: HttpResponse) -> int:
        """Without an offset it is some network's login page, which gets the photo no second
        time."""
        offset = self._offset_named(response)
        if offset is None or offset > len(self._jpeg):
            raise Offline("not_the_bureau")
        return offset

    def _metadata(self, sha256: str) -> dict[str, str]:
        encoded = b64encode(sha256.encode()).decode()
        return {"Upload-Length": str(len(self._jpeg)), "Upload-Metadata": f"sha256 {encoded}"}


def _upload_path(location: str) -> str:
    """Relative to the address of the creation. A proxy may have put another host in front: the path
    counts, and goes to the bureau. Raises Offline for a path that is no upload's."""
    try:
        path = urlsplit(urljoin(PHOTOS_PATH, location)).path
    except ValueError as error:
        raise Offline("not_the_bureau") from error
    if not path.startswith(PHOTOS_PATH):
        raise Offline("not_the_bureau")
    return path


@dataclass(frozen=True, slots=True)
class PhotoBytes:
    """The bytes of a photo from `start` on, as the body of a request."""

    jpeg: bytes
    start: int
    told: Callable[[int], None]  # gets the number of the photo's bytes that have gone

    @property
    def rest(self) -> bytes:
        """All of them, for who cannot send them one after the other."""
        return self.jpeg[self.start :]

    def told_from_start(self, sent: int) -> None:
        """So many bytes of `rest` have left."""
        self.told(min(len(self.jpeg), self.start + sent))

    async def chunks(self) -> AsyncIterator[bytes]:
        """Tells after each chunk that it has left."""
        for start in range(self.start, len(self.jpeg), CHUNK):
            chunk = self.jpeg[start : start + CHUNK]
            yield chunk
            self.told(start + len(chunk))
