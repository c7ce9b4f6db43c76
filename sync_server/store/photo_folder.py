"""Photos in a folder: finished ones by digest, durable before they are named; parts under way."""

import os
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path


class PhotoFolder:
    """One bureau's photos. Names are digests and upload ids, never anything a client typed."""

    def __init__(self, root: Path, bureau: str) -> None:
        # As text: a photo has a dozen paths, and pathlib takes twenty times as long for each.
        self._photos, self._parts = f"{root}/{bureau}/photos", f"{root}/{bureau}/parts"
        self._there: set[str] = set()  # folders whose own names are on the disk
        for folder in (self._photos, self._parts):
            os.makedirs(folder, exist_ok=True, mode=0o700)

    def read(self, sha256: str) -> bytes:
        """A finished photo; raises FileNotFoundError."""
        return Path(self._photo(sha256)).read_bytes()

    def holds(self, sha256: str) -> bool:
        """Whether the finished photo is here."""
        return os.path.exists(self._photo(sha256))

    def reached(self, upload: str) -> int:
        """How many bytes of a part have come."""
        try:
            return os.stat(self._part(upload)).st_size
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
            os.truncate(self._part(upload), at)

    def part(self, upload: str) -> bytes:
        """All that has come of an upload."""
        return Path(self._part(upload)).read_bytes() if self.reached(upload) else b""

    def finish(self, parts: Mapping[str, str], staying: Collection[str] = ()) -> None:
        """Gives complete parts the names of their digests: upload → SHA-256. On return the names
        are on the disk, too. Some parts may be `staying` until `drop`: should the program die
        before the database knows of their photos, nothing of them has to be sent again."""
        photos = {upload: self._photo(sha256) for upload, sha256 in parts.items()}
        for upload, photo in photos.items():
            put = os.link if upload in staying else os.rename
            with suppress(FileExistsError):  # the same bytes: that is what the name says
                self._named(put, self._part(upload), photo)
        folders = {os.path.dirname(photo) for photo in photos.values()}
        for folder in sorted(folders):
            _sync(folder)
        if new := folders - self._there:
            _sync(self._photos)
            self._there |= new

    def _named(self, put: Callable[[str, str], None], part: str, photo: str) -> None:
        """In a folder that may not be there yet, or that somebody took away meanwhile."""
        try:
            put(part, photo)
        except FileNotFoundError:
            folder = os.path.dirname(photo)
            os.makedirs(folder, 0o700, exist_ok=True)
            self._there.discard(folder)
            put(part, photo)

    def drop(self, upload: str) -> None:
        """Forgets a part."""
        with suppress(FileNotFoundError):
            os.unlink(self._part(upload))

    def parts(self, untouched_s: float = 0) -> Iterator[str]:
        """The names of all parts that nobody has written to for so long, by the disk's clock."""
        now = time.time()
        with os.scandir(self._parts) as parts:
            for part in parts:
                with suppress(FileNotFoundError):  # it became a photo meanwhile
                    if now - part.stat().st_mtime >= untouched_s:
                        yield part.name

    def _opened(self, upload: str) -> AbstractContextManager[int]:
        return _opened(self._part(upload), os.O_WRONLY | os.O_CREAT)

    def _part(self, upload: str) -> str:
        return f"{self._parts}/{upload}"

    def _photo(self, sha256: str) -> str:
        return f"{self._photos}/{sha256[:2]}/{sha256}.jpg"


@contextmanager
def _opened(path: str, how: int) -> Iterator[int]:
    place = os.open(path, how, 0o600)
    try:
        yield place
    finally:
        os.close(place)


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


def _sync(folder: str) -> None:
    with _opened(folder, os.O_RDONLY) as place:
        os.fsync(place)
