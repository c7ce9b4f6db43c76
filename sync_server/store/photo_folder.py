"""Photos in a folder: finished ones named by digest, and the parts of uploads.

A photo is on the disk (fsync) before it gets its name, and its name is on the disk before `finish`
returns: its receipt may be sent then.
"""

import os
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path


class PhotoFolder:
    """One bureau's photos. File names are digests and ids of uploads, never what a client sent."""

    def __init__(self, root: Path, bureau: str) -> None:
        # Paths are str: one photo needs a dozen, and pathlib takes twenty times as long for each.
        self._photos, self._parts = f"{root}/{bureau}/photos", f"{root}/{bureau}/parts"
        self._durable: set[str] = set()  # folders whose own names are on the disk
        for folder in (self._photos, self._parts):
            os.makedirs(folder, exist_ok=True, mode=0o700)

    def read(self, sha256: str) -> bytes:
        """A finished photo; raises FileNotFoundError."""
        return Path(self._photo(sha256)).read_bytes()

    def holds(self, sha256: str) -> bool:
        """Whether there is a finished photo of this digest."""
        return os.path.exists(self._photo(sha256))

    def reached(self, upload: str) -> int:
        """How many bytes of a part are here; 0 for an unknown upload."""
        try:
            return os.stat(self._part(upload)).st_size
        except FileNotFoundError:
            return 0

    def write(self, upload: str, at: int, piece: bytes) -> None:
        """Writes a piece of a part at byte `at`; nothing is buffered, so it survives a crash of
        this program (not of the machine: see `complete`)."""
        with self._opened(upload) as part:
            _write_at(part, at, piece)

    def complete(self, rests: Mapping[str, tuple[int, bytes]]) -> None:
        """Writes the last piece of each of these parts: upload → (at which byte, piece). On return
        all of the parts are on the disk."""
        with ExitStack() as opened:
            descriptors = [
                _write_at(opened.enter_context(self._opened(upload)), at, rest)
                for upload, (at, rest) in rests.items()
            ]
            for descriptor in descriptors:  # starts writing all before waiting for the first
                _drop_from_cache(descriptor)
            for descriptor in descriptors:
                os.fsync(descriptor)
            for descriptor in descriptors:  # written by now: their pages can be freed
                _drop_from_cache(descriptor)

    def cut(self, upload: str, at: int) -> None:
        """Removes what a part has after byte `at`."""
        if self.reached(upload) > at:
            os.truncate(self._part(upload), at)

    def part(self, upload: str) -> bytes:
        """All bytes of a part that are here; b"" for an unknown upload."""
        return Path(self._part(upload)).read_bytes() if self.reached(upload) else b""

    def finish(self, parts: Mapping[str, str], staying: Collection[str] = ()) -> None:
        """Makes photos of complete parts: upload → SHA-256, the photo's name. On return the names
        are on the disk, too. Parts of `staying` uploads are kept until `delete_part`: should the
        program die before the database knows of their photos, nothing of them has to be sent
        again."""
        photos = {upload: self._photo(sha256) for upload, sha256 in parts.items()}
        for upload, photo in photos.items():
            put = os.link if upload in staying else os.rename
            with suppress(FileExistsError):  # the same bytes, since the name is their digest
                self._name(put, self._part(upload), photo)
        folders = {os.path.dirname(photo) for photo in photos.values()}
        for folder in sorted(folders):
            sync_folder(folder)
        if new := folders - self._durable:
            sync_folder(self._photos)
            self._durable |= new

    def _name(self, put: Callable[[str, str], None], part: str, photo: str) -> None:
        """Makes the photo's folder if it is missing."""
        try:
            put(part, photo)
        except FileNotFoundError:
            folder = os.path.dirname(photo)
            os.makedirs(folder, 0o700, exist_ok=True)
            self._durable.discard(folder)
            put(part, photo)

    def delete(self, sha256: str) -> None:
        """Deletes a finished photo, if it is there."""
        with suppress(FileNotFoundError):
            os.unlink(self._photo(sha256))

    def delete_part(self, upload: str) -> None:
        """Deletes a part, if it is there."""
        with suppress(FileNotFoundError):
            os.unlink(self._part(upload))

    def parts(self, untouched_s: float = 0) -> Iterator[str]:
        """The uploads of all parts that were not written to for `untouched_s` seconds."""
        now = time.time()
        with os.scandir(self._parts) as parts:
            for part in parts:
                with suppress(FileNotFoundError):  # it may just have become a photo
                    if now - part.stat().st_mtime >= untouched_s:
                        yield part.name

    def _opened(self, upload: str) -> AbstractContextManager[int]:
        return _opened(self._part(upload), os.O_WRONLY | os.O_CREAT)

    def _part(self, upload: str) -> str:
        return f"{self._parts}/{upload}"

    def _photo(self, sha256: str) -> str:
        return f"{self._photos}/{sha256[:2]}/{sha256}.jpg"


@contextmanager
def _opened(path: str, flags: int) -> Iterator[int]:
    descriptor = os.open(path, flags, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _write_at(descriptor: int, at: int, piece: bytes) -> int:
    while piece:
        written = os.pwrite(descriptor, piece, at)
        at, piece = at + written, piece[written:]
    return descriptor


def _drop_from_cache(descriptor: int) -> None:
    """Tells Linux that this file will not be read soon: it then starts writing what is not written,
    and frees the pages that are. Other systems do both when they like."""
    if sys.platform == "linux":
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def sync_folder(folder: str) -> None:
    """Returns when the names in this folder are on the disk."""
    with _opened(folder, os.O_RDONLY) as descriptor:
        os.fsync(descriptor)
