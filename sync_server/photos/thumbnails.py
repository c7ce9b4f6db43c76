"""Small pictures of photos for the console: made once, in processes of their own, and kept.

Their queue is their own as well: neither phones nor pages wait while pictures are drawn.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from anyio.to_thread import run_sync

from sync_server.apart import OverLimit, TooLate, run_apart
from sync_server.store.photo_folder import PhotoFolder
from sync_server.store.thumbnail_folder import ThumbnailFolder

DRAWING = "sync_server.photos.pillow_thumbnail"  # not imported: no decoder in the server itself
AT_ONCE, MOST_WAITING = 2, 100
MOST_SECONDS = 30.0  # of the clock; `pillow_thumbnail.MOST_SECONDS` are of the processor
SWEEP_S = 3600


class NoThumbnail(StrEnum):
    """Why there is no small picture: none can be made of the photo, or too many are waited for."""

    UNREADABLE = "unreadable"
    BUSY = "busy"


@dataclass(slots=True)
class ThumbnailMaker:
    """The small pictures of one bureau's photos."""

    photos: PhotoFolder
    kept: ThumbnailFolder
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(AT_ONCE, "thumbnail")
    )
    _waiting: int = 0

    async def get(self, sha256: str) -> bytes | NoThumbnail:
        """A JPEG at most 480 px wide and high, or why there is none. Raises FileNotFoundError if
        there is no such photo."""
        found: bytes | NoThumbnail | None = await run_sync(self.kept.read, sha256)
        if found is None:
            if self._waiting >= MOST_WAITING:
                return NoThumbnail.BUSY
            self._waiting += 1
            loop = asyncio.get_running_loop()
            drawing = loop.run_in_executor(self._threads, self._draw, sha256)
            drawing.add_done_callback(self._leave)
            # Shielded: a browser that goes away makes no room while its picture is being drawn.
            found = await asyncio.shield(drawing)
        return found or NoThumbnail.UNREADABLE

    async def sweep_forever(self) -> None:
        """Deletes the pictures of photos that are gone, now and every hour, until cancelled."""
        while True:
            with suppress(OSError):  # it is tried again in an hour
                await run_sync(self.kept.sweep, self.photos.holds)
            await asyncio.sleep(SWEEP_S)

    def _draw(self, sha256: str) -> bytes | NoThumbnail:
        """Of two who waited for the same one, the second finds it."""
        if (found := self.kept.read(sha256)) is not None:
            return found
        photo = self.photos.read(sha256)
        try:
            status, picture = run_apart(DRAWING, given=photo, seconds=MOST_SECONDS)
        except TooLate:
            return NoThumbnail.BUSY  # not kept: it is drawn when somebody looks again
        except OverLimit:
            status, picture = -1, b""
        self.kept.keep(sha256, b"" if status else picture)
        return b"" if status else picture

    def _leave(self, _: "asyncio.Future[bytes | NoThumbnail]") -> None:
        self._waiting -= 1
