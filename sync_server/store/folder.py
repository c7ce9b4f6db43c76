"""Photos in a folder: parts under way, and finished ones by digest, durable before they are named."""

import os
import re
from pathlib import Path

_DIGEST = re.compile(r"[0-9a-f]{64}")


class PhotoFolder:
    """The photo store by default. All calls block: run them in a thread.

    A finished photo is written, fsynced, renamed and its folder fsynced, in this order, before
    `finish` returns; what a receipt says is then on the disk. OSError passes through.
    """

    def __init__(self, root: Path) -> None:
        self._parts, self._kept = root / "parts", root / "kept"
        for folder in (root, self._parts, self._kept):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def part(self, upload: str) -> Path:
        """Where an upload's bytes gather."""
        return self._parts / upload

    def size(self, upload: str) -> int:
        """How many bytes of an upload have come; 0 for none."""
        try:
            return self.part(upload).stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, upload: str, piece: bytes) -> None:
        """Adds bytes at the end. A part need not survive a power cut: what is missing then is
        asked for again."""
        with open(self.part(upload), "ab", opener=_private) as file:
            file.write(piece)

    def shorten(self, upload: str, size: int) -> None:
        """Takes back what came after `size`."""
        with open(self.part(upload), "ab", opener=_private) as file:
            file.truncate(size)

    def drop(self, upload: str) -> None:
        """Forgets an upload's bytes."""
        self.part(upload).unlink(missing_ok=True)

    def finish(self, upload: str, digest: str) -> None:
        """Makes an upload's bytes the photo of this digest, durably."""
        target = self.path(digest)
        target.parent.mkdir(exist_ok=True, mode=0o700)
        with self.part(upload).open("rb+") as file:
            os.fsync(file.fileno())
        self.part(upload).replace(target)
        for folder in (target.parent, self._kept):
            _sync(folder)

    def read(self, digest: str) -> bytes | None:
        """A finished photo's bytes."""
        try:
            return self.path(digest).read_bytes()
        except FileNotFoundError:
            return None

    def path(self, digest: str) -> Path:
        """Where a finished photo lies; raises ValueError for what is no digest."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError("not a digest")
        return self._kept / digest[:2] / f"{digest}.jpg"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
