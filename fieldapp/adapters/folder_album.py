"""The album in one folder: a sealed file for each masked picture, named by what is in it."""

import errno
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256 as digest_of
from pathlib import Path

from fieldapp.adapters.ciphers import Clear
from fieldapp.adapters.durable_files import HALF, sync_folder, write_temporary
from fieldapp.ports import CannotOpen, Cipher, DiskFull

TORN = ".torn"  # kept aside: what is left of a picture may still be worth something to a person
DIGITS = 64  # of a SHA-256


class FolderAlbum:
    """Port Album."""

    def __init__(self, folder: Path, cipher: Cipher | None = None) -> None:
        self._folder, self._cipher = folder, cipher or Clear()
        with _full():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            for torn in folder.glob(f"*{HALF}"):
                if time.time() - torn.stat().st_mtime > 3600:  # not what another tab writes now
                    torn.unlink(missing_ok=True)
        with suppress(DiskFull, FileNotFoundError), _full():  # else at the next start
            for path in folder.iterdir():
                self._seal_what_is_open(path)

    def keep(self, jpeg: bytes) -> str:
        name = digest_of(jpeg).hexdigest()
        with _full():
            if self.read(name) is None:
                _write(self._folder, name, self._cipher.seal(jpeg, _place(name)))
            sync_folder(self._folder)
        return name

    def read(self, sha256: str) -> bytes | None:
        path = self._path(sha256)
        try:
            jpeg = self._opened(path.read_bytes(), _place(sha256))
        except FileNotFoundError:
            return None
        if digest_of(jpeg).hexdigest() != sha256:
            path.replace(path.with_suffix(TORN))
            return None
        return jpeg

    def forget(self, sha256: str) -> None:
        with _full():  # some file systems need room to take a name away
            self._path(sha256).unlink(missing_ok=True)
            sync_folder(self._folder)

    def used_bytes(self) -> int:
        return sum(entry.stat().st_size for entry in os.scandir(self._folder))

    def free_bytes(self) -> int:
        return shutil.disk_usage(self._folder).free

    def _opened(self, content: bytes, place: str) -> bytes:
        """Nothing where it does not open; what is not sealed yet proves itself by its digest."""
        if not self._cipher.is_sealed(content):
            return content
        try:
            return self._cipher.open(content, place)
        except CannotOpen:
            return b""

    def _seal_what_is_open(self, path: Path) -> None:
        """A picture of an app that did not seal yet. Killed in between, it is the one or the
        other, and both are the whole picture."""
        if len(path.name) != DIGITS:
            return
        with path.open("rb") as file:
            if self._cipher.is_sealed(file.read(1)):
                return
            file.seek(0)
            jpeg = file.read()
        if digest_of(jpeg).hexdigest() == path.name:
            _write(self._folder, path.name, self._cipher.seal(jpeg, _place(path.name)))

    def _path(self, sha256: str) -> Path:
        if len(sha256) != DIGITS or not sha256.isalnum():
            raise ValueError("a picture's name is its SHA-256")
        return self._folder / sha256


def _place(sha256: str) -> str:
    return f"album/{sha256}"


def _write(folder: Path, name: str, content: bytes) -> None:
    """All of it or nothing."""
    new = write_temporary(folder, f"{name[:8]}.", content)
    try:
        new.replace(folder / name)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


@contextmanager
def _full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise DiskFull from error
