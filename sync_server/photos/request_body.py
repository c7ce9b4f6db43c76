"""Reads the body of one request into an upload: bytes that arrived are kept when the connection is
lost or a newer request takes over."""

from dataclasses import replace
from math import inf
from typing import Any

import anyio.to_thread
from anyio import CancelScope, current_time, move_on_after
from fastapi import Request
from starlette.types import Message

from sync_server import problems
from sync_server.photos.headers import Checksum
from sync_server.photos.uploads import Upload
from sync_server.store.photo_folder import PhotoFolder

SILENT_S = 120  # a connection without a byte for so long is given up; what it brought stays
# Bytes are buffered until none came for PAUSE_S, for at most LONGEST_S (the sender may not have
# been authenticated yet), or until there are LARGE of them: one write is cheaper than ten.
PAUSE_S, LONGEST_S, LARGE = 0.05, 1.0, 512 * 1024


class IncomingBytes:
    """A body that is being read: `buffered` bytes of it are in memory and not on the disk, and
    there is `more` to read. Raises PhotoTooLarge for more than `most` bytes."""

    def __init__(self, request: Request, most: int, promised: Checksum | None) -> None:
        if int(request.headers.get("content-length", "0")) > most:
            raise problems.PhotoTooLarge(f"{most} bytes are missing")
        self._request, self._left, self._promised = request, most, promised
        self._hash: Any = promised.new_hash() if promised else None
        self._pieces: list[bytes] = []
        self._skipped = 0  # bytes still to come that are not wanted
        self.buffered, self.more = 0, True

    @property
    def buffer(self) -> bytes:
        """The buffered bytes; a single piece is not copied."""
        if len(self._pieces) > 1:
            self._pieces = [b"".join(self._pieces)]
        return self._pieces[0] if self._pieces else b""

    async def read_available(self) -> None:
        """Reads what comes without a pause: to the end, for LONGEST_S, or until LARGE bytes are
        buffered. Raises PhotoTooLarge, ChecksumMismatch, or UnreadableRequest if the connection is
        lost or silent."""
        latest, left = inf, self._left
        with move_on_after(SILENT_S) as pause:
            while self.more and self.buffered < LARGE:
                self._add(await self._request.receive())
                now = current_time()
                latest = min(latest, now + LONGEST_S)
                pause.deadline = min(latest, now + PAUSE_S)
        if pause.cancelled_caught and self._left == left:
            raise problems.UnreadableRequest("nothing more came")

    def skip(self, count: int) -> None:
        """Drops this many bytes, buffered or still to come: the bureau has them."""
        kept = self.buffer[count:]
        self._skipped = count - (self.buffered - len(kept))
        self._pieces, self.buffered = [kept], len(kept)

    def clear_buffer(self) -> None:
        """The buffered bytes have been written to the disk."""
        self._pieces, self.buffered = [], 0

    def _add(self, message: Message) -> None:
        if message["type"] == "http.disconnect":
            raise problems.UnreadableRequest("connection lost")
        piece = message.get("body", b"")
        self._left -= len(piece)
        if self._left < 0:
            raise problems.PhotoTooLarge(f"{-self._left} bytes too many")
        if self._promised:
            self._hash.update(piece)
        wanted = piece[self._skipped :]
        self._skipped -= len(piece) - len(wanted)
        if wanted:
            self._pieces.append(wanted)
            self.buffered += len(wanted)
        self.more = message.get("more_body", False)
        if self._promised and not (self.more or self._promised.matches(self._hash)):
            raise problems.ChecksumMismatch


class UploadBody:
    """Appends a body to an upload. After `read_to_end`, `upload.reached` bytes are on the disk and
    the last ones are still buffered: for a whole photo the completing thread writes them."""

    def __init__(self, upload: Upload, folder: PhotoFolder, body: IncomingBytes) -> None:
        self.upload, self._start = upload, upload.reached
        self._folder, self._body = folder, body

    async def read_to_end(self) -> None:
        """Reads the body to its end. Raises PhotoTooLarge or ChecksumMismatch: then all of it is
        taken back. Raises UnreadableRequest if the connection was lost; then, and when a newer
        request took over, what had arrived is on the disk."""
        try:
            while self._body.more:
                await self.write_buffer()
                await self._body.read_available()
        except (problems.PhotoTooLarge, problems.ChecksumMismatch):
            await _in_a_thread(self._folder.cut, self.upload.name, self._start)
            raise
        except BaseException:
            await self.write_buffer()
            raise

    async def write_buffer(self) -> None:
        """Writes the buffered bytes to the disk. A newer request waits for it."""
        piece, at = self._body.buffer, self.upload.reached
        if piece:
            await _in_a_thread(self._folder.write, self.upload.name, at, piece)
            self.upload = replace(self.upload, reached=at + len(piece))
            self._body.clear_buffer()


async def _in_a_thread(*work: object) -> None:
    """Runs a function with its arguments to its end, whoever takes over. anyio.to_thread by its
    full name: a simulation has no threads."""
    with CancelScope(shield=True):
        await anyio.to_thread.run_sync(*work)  # type: ignore[arg-type]  # a call and its arguments
