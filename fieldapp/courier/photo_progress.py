"""How far each photo of one trip has come, in bytes: told to the screens and written down."""

import asyncio
from collections.abc import Callable, Iterable

from contract.protocol import WantedPhoto
from fieldapp.courier.progress import OnProgress, Progress
from fieldapp.ports import Notebook, PhotoUploadState
from fieldapp.ports.background import in_background

NOTE_EVERY = 32 * 1024  # bytes: after a kill, progress is shown at most so far behind the bureau


class PhotoProgress:
    """All photos that are due on this trip. Where the bureau says that a photo stands elsewhere
    than was noted here, the bureau is right."""

    def __init__(self, notebook: Notebook, on_progress: OnProgress) -> None:
        self._notebook, self._on_progress = notebook, on_progress
        self._sizes: dict[str, int] = {}
        self._reached: dict[str, int] = {}
        self._complete: set[str] = set()
        self._writing: asyncio.Task[None] | None = None
        self._noted = 0

    def add(self, due: Iterable[PhotoUploadState]) -> None:
        """Photos that are known already keep how far they have come on this trip."""
        for photo in due:
            self._sizes.setdefault(photo.sha256, photo.size)
            self._reached.setdefault(photo.sha256, min(photo.sent, photo.size))

    def remove(self, sha256: str) -> None:
        """This photo is not sent on this trip."""
        self._sizes.pop(sha256, None)
        self._reached.pop(sha256, None)

    def mark_stored(self, stored: Iterable[str]) -> None:
        """The bureau says that it has these."""
        for name in self._sizes.keys() & set(stored):
            self._complete.add(name)
            self._reached[name] = self._sizes[name]

    def tell(self, parcels_left: int, photo: str = "") -> None:
        """Tells the screens; `photo` is the digest of the one that is being sent."""
        progress = Progress(
            parcels_left,
            photo=photo,
            photo_sent=self._reached.get(photo, 0),
            photo_total=self._sizes.get(photo, 0),
            photos_left=len(self._sizes.keys() - self._complete),
            sent=sum(self._reached.values()),
            total=sum(self._sizes.values()),
        )
        self._on_progress(progress)

    def begin(self, wanted: WantedPhoto) -> Callable[[int], None]:
        """This photo is sent now, from the offset that the bureau names. Call the result with the
        number of bytes that have gone."""
        name, self._noted = wanted.sha256, self._reached.get(wanted.sha256, 0)

        def on_bytes(reached: int) -> None:
            self._reached[name] = reached
            self.tell(0, name)
            self._note(name, reached)

        on_bytes(wanted.offset)
        return on_bytes

    async def finish(self, sha256: str, *, complete: bool) -> None:
        """The photo has arrived, or got no further; then how far is written down, to the byte."""
        writing, self._writing = self._writing, None
        if writing:
            await writing
        if complete:
            self._complete.add(sha256)
        else:
            await in_background(
                self._notebook.note_photo_sent, sha256, self._reached.get(sha256, 0)
            )

    def _note(self, sha256: str, reached: int) -> None:
        """Writes in the background, so that sending never waits for the disk; one write at a time,
        those that would overlap are left out."""
        if abs(reached - self._noted) < NOTE_EVERY or (self._writing and not self._writing.done()):
            return
        self._noted = reached
        self._writing = asyncio.create_task(
            in_background(self._notebook.note_photo_sent, sha256, reached)
        )
