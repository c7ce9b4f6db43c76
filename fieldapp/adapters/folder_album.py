"""The album in one folder: a sealed file for each masked photo, named by the JPEG's SHA-256."""

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256 as digest_of
from pathlib import Path

from fieldapp.adapters.ciphers import Clear
from fieldapp.adapters.durable_files import HALF, sync_folder, write_temporary
from fieldapp.ports import CannotOpen, Cipher, DiskFull

TORN = ".torn"  # a damaged file is renamed, not deleted: a person may still use what is left
DIGITS = 64  # of a SHA-256
HALF_STAYS_S = 3600  # a younger temporary file may be one that another tab writes now


class FolderAlbum:
    """Port Album."""

    def __init__(self, folder: Path, cipher: Cipher | None = None) -> None:
        """Deletes what a kill left half written more than HALF_STAYS_S ago."""
        self._folder, self._cipher = folder, cipher or Clear()
        with _tells_disk_full():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            for half in folder.glob(f"*{HALF}"):
                if time.time() - half.stat().st_mtime > HALF_STAYS_S:
                    half.unlink(missing_ok=True)

    def keep(self, jpeg: bytes) -> str:
        name = digest_of(jpeg).hexdigest()
        with _tells_disk_full():
            if self.read(name) is None:
                _write(self._folder, name, self._cipher.seal(jpeg, _place(name)))
            sync_folder(self._folder)
        return name

    def read(self, sha256: str) -> bytes | None:
        path = self._path(sha256)
        try:
            jpeg = self._open(path.read_bytes(), _place(sha256))
        except FileNotFoundError:
            return None
        if digest_of(jpeg).hexdigest() != sha256:
            path.replace(path.with_suffix(TORN))
            return None
        return jpeg

    def forget(self, sha256: str) -> None:
        with _tells_disk_full():  # some file systems need free space to delete a file
            self._path(sha256).unlink(missing_ok=True)
            sync_folder(self._folder)

    def used_bytes(self) -> int:
        return sum(entry.stat().st_size for entry in os.scandir(self._folder))

    def free_bytes(self) -> int:
        return shutil.disk_usage(self._folder).free

    def _open(self, sealed: bytes, place: str) -> bytes:
        """b"" if it does not open."""
        try:
            return self._cipher.open(sealed, place)
        except CannotOpen:
            return b""

    def _path(self, sha256: str) -> Path:
        if len(sha256) != DIGITS or not sha256.isalnum():
            raise ValueError("a photo's name is its SHA-256")
        return self._folder / sha256


def _place(sha256: str) -> str:
    return f"album/{sha256}"


def _write(folder: Path, name: str, content: bytes) -> None:
    """A file of this name, whole or not at all."""
    new = write_temporary(folder, f"{name[:8]}.", content)
    try:
        new.replace(folder / name)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


@contextmanager
def _tells_disk_full() -> Iterator[None]:
    """Raises DiskFull where the file system has no space left."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise DiskFull from error
