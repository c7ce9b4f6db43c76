"""Writes files so that they are whole or absent after a kill, and lasting once written."""

import os
import tempfile
from pathlib import Path

HALF = ".half"  # suffix of a temporary file; one that stays was cut short by a kill


def write_temporary(folder: Path, prefix: str, content: bytes) -> Path:
    """A new file with this content, flushed to the disk, readable by its owner alone (mkstemp makes
    it 0600). The caller renames it."""
    descriptor, name = tempfile.mkstemp(HALF, prefix, folder)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def sync_folder(folder: Path) -> None:
    """Flushes the folder itself: only then do renames and deletions in it survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
