"""Photos in a folder: finished ones by digest, durable before they are named; parts under way."""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
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
        with self._opened(upload) as part:
            _put(part, at, piece)

    def complete(self, rests: Mapping[str, tuple[int, bytes]]) -> None:
        """Adds the last piece to each of these parts: upload → byte where it belongs, piece. On
        return all of them are on the disk."""
        with ExitStack() as opened:
            places = [
                _put(opened.enter_context(self._opened(upload)), at, rest)
                for upload, (at, rest) in rests.items()
            ]
            for place in places:  # all are on their way to the disk before the first is waited for
                _not_needed(place)
            for place in places:
                os.fsync(place)
            for place in places:  # nobody looks at them soon: the next ones may have their memory
                _not_needed(place)

    def cut(self, upload: str, at: int) -> None:
        """Takes away what came after byte `at` of a part."""
        if self.reached(upload) > at:
            os.truncate(self._parts / upload, at)

    def part(self, upload: str) -> bytes:
        """All that has come of an upload."""
        return (self._parts / upload).read_bytes() if self.reached(upload) else b""

    def finish(self, parts: Mapping[str, str]) -> None:
        """Gives complete parts the names of their digests: upload → SHA-256. On return the names
        are on the disk, too. The parts stay until `drop`: should the program die before the
        database knows of the photos, nothing has to be sent again."""
        photos = {upload: self._photo(sha256) for upload, sha256 in parts.items()}
        folders = {photo.parent for photo in photos.values()}
        new = {folder for folder in folders if _made(folder)} | (folders - self._there)
        for upload, photo in photos.items():
            with suppress(FileExistsError):  # the same bytes: that is what the name says
                os.link(self._parts / upload, photo)
        for folder in sorted(folders):
            _sync(folder)
        if new:
            _sync(self._photos)
            self._there |= new

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

    def _opened(self, upload: str) -> AbstractContextManager[int]:
        return _opened(self._parts / upload, os.O_WRONLY | os.O_CREAT)

    def _photo(self, sha256: str) -> Path:
        return self._photos / sha256[:2] / f"{sha256}.jpg"


@contextmanager
def _opened(path: Path, how: int) -> Iterator[int]:
    place = os.open(path, how, 0o600)
    try:
        yield place
    finally:
        os.close(place)


def _made(folder: Path) -> bool:
    """Whether it had to be made; somebody may take one away while the server runs."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return False
    return True


def _put(place: int, at: int, piece: bytes) -> int:
    while piece:
        written = os.pwrite(place, piece, at)
        at, piece = at + written, piece[written:]
    return place


def _not_needed(place: int) -> None:
    """Nobody will read this soon. Linux then begins to write it, and gives its pages back once it
    is written; other systems are not told, and do it when they like."""
    if sys.platform == "linux":
        os.posix_fadvise(place, 0, 0, os.POSIX_FADV_DONTNEED)


def _sync(folder: Path) -> None:
    with _opened(folder, os.O_RDONLY) as place:
        os.fsync(place)
