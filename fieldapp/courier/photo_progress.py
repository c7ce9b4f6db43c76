"""The photos of one trip: how far each of them has come, told in bytes and written down."""

import asyncio
from collections.abc import Callable, Iterable

from contract.protocol import WantedPhoto
from fieldapp.courier.progress import OnProgress, Progress
from fieldapp.ports import Notebook, PhotoUploadState

STEP = 32 * 1024  # bytes between two notes: a phone that is killed repeats no more in its telling


class PhotoProgress:
    """All photos that are due, those with a part at the bureau from an earlier trip included. The
    bureau's word on where a photo stands counts, whatever was written here."""

    def __init__(self, notebook: Notebook, told: OnProgress) -> None:
        self._notebook, self._told = notebook, told
        self._sizes: dict[str, int] = {}
        self._reached: dict[str, int] = {}
        self._whole: set[str] = set()
        self._pen: asyncio.Task[None] | None = None
        self._noted = 0

    def load(self, due: Iterable[PhotoUploadState]) -> None:
        for picture in due:
            self._sizes.setdefault(picture.sha256, picture.size)
            self._reached.setdefault(picture.sha256, min(picture.sent, picture.size))

    def unload(self, sha256: str) -> None:
        """This one goes no further on this trip."""
        self._sizes.pop(sha256, None)
        self._reached.pop(sha256, None)

    def arrive(self, stored: Iterable[str]) -> None:
        """The bureau says that it has these."""
        for name in self._sizes.keys() & set(stored):
            self._whole.add(name)
            self._reached[name] = self._sizes[name]

    def tell(self, parcels_left: int, photo: str = "") -> None:
        progress = Progress(
            parcels_left,
            photo=photo,
            photo_sent=self._reached.get(photo, 0),
            photo_total=self._sizes.get(photo, 0),
            photos_left=len(self._sizes.keys() - self._whole),
            sent=sum(self._reached.values()),
            total=sum(self._sizes.values()),
        )
        self._told(progress)

    def begin(self, wanted: WantedPhoto) -> Callable[[int], None]:
        """The photo now goes on the road; the result hears how far it has come."""
        name, self._noted = wanted.sha256, self._reached.get(wanted.sha256, 0)

        def heard(reached: int) -> None:
            self._reached[name] = reached
            self.tell(0, name)
            self._note(name, reached)

        heard(wanted.offset)
        return heard

    async def rest(self, sha256: str, *, whole: bool) -> None:
        """The photo has arrived, or got no further; then the note says how far, to the byte."""
        pen, self._pen = self._pen, None
        if pen:
            await pen
        if whole:
            self._whole.add(sha256)
        else:
            await asyncio.to_thread(
                self._notebook.note_photo_sent, sha256, self._reached.get(sha256, 0)
            )

    def _note(self, sha256: str, reached: int) -> None:
        """Beside the road, never in it: while one note is being written, none is begun."""
        if abs(reached - self._noted) < STEP or (self._pen and not self._pen.done()):
            return
        self._noted = reached
        self._pen = asyncio.create_task(
            asyncio.to_thread(self._notebook.note_photo_sent, sha256, reached)
        )
