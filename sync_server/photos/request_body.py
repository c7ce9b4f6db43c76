"""The bytes of one request: what has come counts when the road breaks, whoever takes over."""

from collections.abc import Mapping
from dataclasses import replace
from math import inf
from typing import Any, Protocol

import anyio.to_thread
from anyio import CancelScope, current_time, move_on_after
from starlette.types import Message, Receive

from sync_server import problems
from sync_server.photos.headers import Checksum
from sync_server.photos.uploads import Upload
from sync_server.store.photo_folder import PhotoFolder

SILENT_S = 120  # a connection on which nothing comes is dead; what it brought stays
BRIEFLY_S = 0.05  # bytes wait so long for more of them, then they go to the disk
LONGEST_S = 1.0  # or so long when they come drop by drop: nobody may have looked yet whose they are
LARGE = 512 * 1024  # or when there are so many: one write is cheaper than ten


class BodySource(Protocol):
    """A request, or a part of one, whose body is read."""

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def receive(self) -> Receive: ...


class IncomingBytes:
    """A body on its way: `waiting` bytes of it have come and are not on the disk, and there is
    `more`. Raises PhotoTooLarge for more than `most` bytes."""

    def __init__(self, request: BodySource, most: int, promised: Checksum | None) -> None:
        if int(request.headers.get("content-length", "0")) > most:
            raise problems.PhotoTooLarge(f"{most} bytes are missing")
        self._request, self._left, self._promised = request, most, promised
        self._seen: Any = promised.begun() if promised else None
        self._pieces: list[bytes] = []
        self.waiting, self.more = 0, True

    @property
    def rest(self) -> bytes:
        """What has come and is not on the disk; a single piece without a copy."""
        if len(self._pieces) > 1:
            self._pieces = [b"".join(self._pieces)]
        return self._pieces[0] if self._pieces else b""

    async def gather(self) -> None:
        """Reads what comes without a pause: to the end, for a second, or until LARGE bytes wait.
        Raises PhotoTooLarge, ChecksumMismatch, or Unreadable when the road broke."""
        latest = inf
        with move_on_after(SILENT_S) as pause:
            while self.more and self.waiting < LARGE:
                self._take(await self._request.receive())
                now = current_time()
                latest = min(latest, now + LONGEST_S)
                pause.deadline = min(latest, now + BRIEFLY_S)
        if pause.cancelled_caught and not self.waiting:
            raise problems.UnreadableRequest("nothing more came")

    def written(self) -> None:
        """All that waited is on the disk."""
        self._pieces, self.waiting = [], 0

    def _take(self, message: Message) -> None:
        if message["type"] == "http.disconnect":
            raise problems.UnreadableRequest("the road broke")
        piece = message.get("body", b"")
        self._left -= len(piece)
        if self._left < 0:
            raise problems.PhotoTooLarge(f"{-self._left} bytes too many")
        if piece:
            self._pieces.append(piece)
            self.waiting += len(piece)
        self.more = message.get("more_body", False)
        if self._promised:
            self._seen.update(piece)
            if not (self.more or self._promised.kept(self._seen)):
                raise problems.ChecksumMismatch


class UploadBody:
    """A body that is added to an upload. When it is through, `upload.reached` bytes are on the disk
    and the rest of the body is not: for a whole photo one thread then does all that is left."""

    def __init__(self, upload: Upload, folder: PhotoFolder, body: IncomingBytes) -> None:
        self.upload, self._start = upload, upload.reached
        self._folder, self._body = folder, body

    async def arrive(self) -> None:
        """Reads the body to its end. Raises PhotoTooLarge or ChecksumMismatch: then all of it is
        taken back. Raises Unreadable when the road broke; then, and when a newer request took over,
        what had come is on the disk."""
        try:
            await self._read()
        except (problems.PhotoTooLarge, problems.ChecksumMismatch):
            await _in_a_thread(self._folder.cut, self.upload.name, self._start)
            raise
        except BaseException:
            await self.flush()
            raise

    async def flush(self) -> None:
        """Puts on the disk what has come. A newer request waits for it."""
        piece, at = self._body.rest, self.upload.reached
        if piece:
            await _in_a_thread(self._folder.write, self.upload.name, at, piece)
            self.upload = replace(self.upload, reached=at + len(piece))
            self._body.written()

    async def _read(self) -> None:
        while self._body.more:
            await self.flush()
            await self._body.gather()


async def _in_a_thread(*work: object) -> None:
    """To its end, whoever takes over. By its full name: a simulation has no threads."""
    with CancelScope(shield=True):
        await anyio.to_thread.run_sync(*work)  # type: ignore[arg-type]  # a call and its arguments
