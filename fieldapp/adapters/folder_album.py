"""The album in one folder: a file for each masked picture, named by what is in it."""

import errno
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256 as digest_of
from pathlib import Path

from fieldapp.ports import Full

TORN = ".torn"  # kept aside: what is left of a picture may still be worth something to a person
HALF = ".half"  # a write that a kill cut short


class FolderAlbum:
    """Port Album."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with _full():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            for half in folder.glob(f"*{HALF}"):
                if time.time() - half.stat().st_mtime > 3600:  # not what another tab writes now
                    half.unlink(missing_ok=True)

    def keep(self, jpeg: bytes) -> str:
        name = digest_of(jpeg).hexdigest()
        with _full():
            if self.read(name) is None:
                _write(self._folder, name, jpeg)
            _settle(self._folder)
        return name

    def read(self, sha256: str) -> bytes | None:
        path = self._path(sha256)
        try:
            jpeg = path.read_bytes()
        except FileNotFoundError:
            return None
        if digest_of(jpeg).hexdigest() != sha256:
            path.replace(path.with_suffix(TORN))
            return None
        return jpeg

    def forget(self, sha256: str) -> None:
        with _full():  # some file systems need room to take a name away
            self._path(sha256).unlink(missing_ok=True)
            _settle(self._folder)

    def used(self) -> int:
        return sum(entry.stat().st_size for entry in os.scandir(self._folder))

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not sha256.isalnum():
            raise ValueError("a picture's name is its SHA-256")
        return self._folder / sha256


def _write(folder: Path, name: str, content: bytes) -> None:
    """All of it or nothing, readable by nobody else (mkstemp makes it 0600)."""
    place, half = tempfile.mkstemp(HALF, f"{name[:8]}.", folder)
    try:
        with open(place, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(place)
        Path(half).replace(folder / name)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise


def _settle(folder: Path) -> None:
    """A rename lasts only once the folder itself is on the disk."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


@contextmanager
def _full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise Full from error
