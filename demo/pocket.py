"""A phone without a screen: the field app's own notebook, album, darkroom, link and courier."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Self

from contract.report import Photo, Report
from fieldapp.adapters import pillow_darkroom
from fieldapp.adapters.cryptography_cipher import AesCipher
from fieldapp.adapters.file_safe import FileSafe
from fieldapp.adapters.folder_album import FolderAlbum
from fieldapp.adapters.httpx_link import HttpxLink
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.adapters.system_clock import SystemClock
from fieldapp.courier.courier import Courier, TripPorts
from fieldapp.device import storage_key
from fieldapp.device.access_token import StoredCredentials
from fieldapp.memory.memory import Identity, Memory
from fieldapp.ports import Cipher, Frame, Mask, PhotoUploadState
from fieldapp.report.entry import Entry

EARLIER = timedelta(minutes=1)


def cipher_in(folder: Path) -> AesCipher:
    """This pocket's own; its key lies in a file beside it, for there is no phone around."""
    safe, made = FileSafe(folder / "safe"), storage_key.new_key(SystemClock().entropy)
    return AesCipher(storage_key.parse_key(safe.settled(storage_key.KEY, made)))


class Pocket:
    """Everything of the field app below its screens, in one folder; open the folder again and it
    is the same phone."""

    def __init__(self, folder: Path, cipher: Cipher | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.clock = SystemClock()
        cipher = cipher or cipher_in(folder)
        self.notebook = SqliteNotebook(folder / "notebook.db", cipher)
        self.album = FolderAlbum(folder / "album", cipher)
        self.memory = Memory(self.notebook)
        self.safe = FileSafe(folder / "safe")
        self.link = HttpxLink(StoredCredentials(self.memory, self.safe))
        self.courier = self.courier_over(self.link)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.link.close()
        self.notebook.close()

    def courier_over(self, link: HttpxLink) -> Courier:
        """A courier of this phone that uses another link."""
        return Courier(
            TripPorts(self.notebook, self.memory, self.album, link, self.clock, self.safe)
        )

    def identity(self) -> Identity:
        """Who the bureau said this phone is."""
        identity = self.memory.identity()
        if identity is None:
            raise RuntimeError("not enrolled")
        return identity

    def photographed(self, raw: bytes, masks: Sequence[Mask] = ()) -> Photo:
        """An image through the darkroom into the album."""
        return self.kept(pillow_darkroom.masked(pillow_darkroom.develop(raw), masks))

    def kept(self, frame: Frame) -> Photo:
        """A masked frame in the album, as the photo of a report."""
        return Photo(
            sha256=self.album.keep(frame.jpeg),
            bytes=len(frame.jpeg),
            width=frame.width,
            height=frame.height,
            taken_at=self.clock.now(),
            redaction_reviewed=True,
        )

    def sealed(self, draft: Report | Entry) -> Entry:
        """Seals a draft as the screen does, past its undo: entry, parcel and pictures in one
        transaction."""
        entry = draft if isinstance(draft, Entry) else Entry(report=draft)
        entry, parcel = entry.sealed(self.clock.now() - EARLIER, self.memory.lists())
        with self.notebook.atomic():
            self.notebook.write(entry)
            self.notebook.enqueue(parcel)
            for photo in entry.report.photos:
                self.notebook.save_photo(PhotoUploadState(photo.sha256, photo.bytes))
        return entry

    def entry(self, entry: Entry) -> Entry:
        """The same entry as the notebook has it now."""
        now = self.notebook.entry(entry.report.id)
        if now is None:
            raise LookupError(entry.report.id)
        return now
