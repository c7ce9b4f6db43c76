"""Small pictures of photos, each made from its photo and at any time again: they need no backup."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

UNREADABLE_S = 86_400  # for how long a photo of which no picture could be made is not tried again


class ThumbnailFolder:
    """One bureau's small pictures, beside its photos and apart from them: no file here is a
    photo."""

    def __init__(self, root: Path, bureau: str) -> None:
        self._root = root / bureau / "thumbnails"

    def read(self, sha256: str) -> bytes | None:
        """The small picture of this photo; b"" if none can be made of it; None if none was made so
        far."""
        path = self._path(sha256)
        try:
            kept, age = path.read_bytes(), time.time() - path.stat().st_mtime
        except OSError:
            return None
        return kept if kept or age < UNREADABLE_S else None

    def keep(self, sha256: str, picture: bytes) -> None:
        """Keeps it; b"" if none can be made. A full disk keeps nothing, and it is made again."""
        path = self._path(sha256)
        new = path.with_suffix(f".{token_hex(8)}")
        with suppress(OSError):
            for folder in (self._root, path.parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with new.open("xb") as file:
                file.write(picture)
                file.flush()
                os.fsync(file.fileno())  # else the name could be on the disk without the bytes
            new.rename(path)

    def sweep(self, is_kept: Callable[[str], bool]) -> None:
        """Deletes those of photos that are not kept any more, and what a crash has left half."""
        for path in self._all():
            is_half = path.suffix != ".jpg" and time.time() - path.stat().st_mtime > UNREADABLE_S
            if is_half or not is_kept(path.stem):
                path.unlink(missing_ok=True)

    def _all(self) -> Iterator[Path]:
        return self._root.glob("*/*") if self._root.is_dir() else iter(())

    def _path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / f"{sha256}.jpg"
