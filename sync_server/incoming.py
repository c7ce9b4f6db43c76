"""The bytes of one request: what has come counts when the road breaks, whoever takes over."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import anyio.to_thread
from anyio import CancelScope, fail_after, move_on_after
from fastapi import Request
from starlette.types import Message

from sync_server import problems
from sync_server.headers import Checksum
from sync_server.store.folder import Folder
from sync_server.uploads import Upload

SILENT_S = 120  # a connection on which nothing comes is dead; what it brought stays
BRIEFLY_S = 0.05  # bytes wait so long for more of them, then they go to the disk
LARGE = 512 * 1024  # or when there are so many: one write is cheaper than ten


Enter = Callable[[Upload], Awaitable[Upload]]


class Incoming:
    """A body on its way. When it is through, `upload.reached` bytes are on the disk and `rest` are
    not: for a whole photo one thread then does all that is left to do. `enter` makes a fresh
    upload known, before bytes of it wait on the disk."""

    def __init__(self, upload: Upload, folder: Folder, enter: Enter) -> None:
        self.upload, self._start = upload, upload.reached
        self._folder, self._enter = folder, enter
        self._pieces: list[bytes] = []
        self._waiting = 0

    @property
    def rest(self) -> bytes:
        """What has come and is not on the disk; a single piece without a copy."""
        if len(self._pieces) > 1:
            self._pieces = [b"".join(self._pieces)]
        return self._pieces[0] if self._pieces else b""

    async def arrive(self, request: Request, promised: Checksum | None) -> None:
        """Reads the body to its end. Raises PhotoTooLarge or ChecksumMismatch: then all of it is
        taken back. Raises Unreadable when the road broke; then, and when a newer request took over,
        what had come is on the disk."""
        try:
            await self._read(request, promised)
        except (problems.PhotoTooLarge, problems.ChecksumMismatch):
            await _in_a_thread(self._folder.cut, self.upload.name, self._start)
            raise
        except BaseException:
            if self._pieces:
                await self.flush()
            raise

    async def flush(self) -> None:
        """Puts on the disk what has come. A newer request waits for it."""
        with CancelScope(shield=True):
            if self.upload.fresh:
                self.upload = await self._enter(self.upload)
            piece, at = self.rest, self.upload.reached
            await _in_a_thread(self._folder.write, self.upload.name, at, piece)
        self.upload = replace(self.upload, reached=at + len(piece))
        self._pieces, self._waiting = [], 0

    async def _read(self, request: Request, promised: Checksum | None) -> None:
        missing = self.upload.length - self.upload.reached
        if int(request.headers.get("content-length", "0")) > missing:
            raise problems.PhotoTooLarge(f"{missing} bytes are missing")
        seen, more = promised.begun() if promised else None, True
        while more:
            message = await self._next(request)
            if message["type"] == "http.disconnect":
                raise problems.Unreadable("the road broke")
            self._take(piece := message.get("body", b""))
            if seen:
                seen.update(piece)
            more = message.get("more_body", False)
            if self._waiting >= LARGE:
                await self.flush()
        if promised and not promised.kept(seen):
            raise problems.ChecksumMismatch

    async def _next(self, request: Request) -> Message:
        if self._pieces:
            with move_on_after(BRIEFLY_S):
                return await request.receive()
            await self.flush()
        try:
            with fail_after(SILENT_S):
                return await request.receive()
        except TimeoutError as error:
            raise problems.Unreadable("nothing more came") from error

    def _take(self, piece: bytes) -> None:
        if self.upload.reached + self._waiting + len(piece) > self.upload.length:
            raise problems.PhotoTooLarge(f"more than {self.upload.length} bytes")
        if piece:
            self._pieces.append(piece)
            self._waiting += len(piece)


async def _in_a_thread(*work: object) -> None:
    """To its end, whoever takes over. By its full name: a simulation has no threads."""
    with CancelScope(shield=True):
        await anyio.to_thread.run_sync(*work)  # type: ignore[arg-type]  # a call and its arguments
