"""Photos in a folder: finished ones by digest, durable before they are named; parts under way."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


class Folder:
    """One bureau's photos. Names are digests and upload ids, never anything a client typed."""

    def __init__(self, root: Path, bureau: str) -> None:
        self._photos = root / bureau / "photos"
        self._parts = root / bureau / "parts"
        self._there: set[Path] = set()  # folders whose own names are on the disk
        for folder in (self._photos, self._parts):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def read(self, sha256: str) -> bytes:
        """A finished photo; raises FileNotFoundError."""
        return self._photo(sha256).read_bytes()

    def holds(self, sha256: str) -> bool:
        """Whether the finished photo is here."""
        return self._photo(sha256).exists()

    def reached(self, upload: str) -> int:
        """How many bytes of a part have come."""
        try:
            return (self._parts / upload).stat().st_size
        except FileNotFoundError:
            return 0

    def write(self, upload: str, at: int, piece: bytes) -> None:
        """Adds a piece to a part; nothing is buffered, so what has come survives this program."""
        if not piece:
            return
        part = os.open(self._parts / upload, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            while piece:
                written = os.pwrite(part, piece, at)
                at, piece = at + written, piece[written:]
        finally:
            os.close(part)

    def cut(self, upload: str, at: int) -> None:
        """Takes away what came after byte `at` of a part."""
        if self.reached(upload) > at:
            os.truncate(self._parts / upload, at)

    def part(self, upload: str) -> bytes:
        """All that has come of an upload."""
        return (self._parts / upload).read_bytes() if self.reached(upload) else b""

    def finish(self, upload: str, sha256: str) -> None:
        """Gives a part the name of its digest. On return it is on the disk, name and all: the file
        is synced, linked, and the folders are synced. The part stays until `drop`: should the
        program die before the database knows of the photo, nothing has to be sent again."""
        photo = self._photo(sha256)
        photo.parent.mkdir(exist_ok=True, mode=0o700)
        _sync(self._parts / upload)
        with suppress(FileExistsError):  # the same bytes: that is what the name says
            photo.hardlink_to(self._parts / upload)
        _sync(photo.parent)
        if photo.parent not in self._there:
            _sync(self._photos)
            self._there.add(photo.parent)

    def drop(self, upload: str) -> None:
        """Forgets a part."""
        (self._parts / upload).unlink(missing_ok=True)

    def parts(self, untouched_s: float = 0) -> Iterator[str]:
        """The names of all parts that nobody has written to for so long, by the disk's clock."""
        now = time.time()
        for path in self._parts.iterdir():
            with suppress(FileNotFoundError):  # it became a photo meanwhile
                if now - path.stat().st_mtime >= untouched_s:
                    yield path.name

    def _photo(self, sha256: str) -> Path:
        return self._photos / sha256[:2] / f"{sha256}.jpg"


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
