"""Files that are there whole or not at all, and folders whose names last."""

import os
import tempfile
from pathlib import Path

HALF = ".half"  # a write that a kill cut short


def write_temporary(folder: Path, prefix: str, content: bytes) -> Path:
    """A new file of this content, on the disk and readable by nobody else (mkstemp makes it 0600);
    it waits for its name."""
    place, name = tempfile.mkstemp(HALF, prefix, folder)
    try:
        with open(place, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def sync_folder(folder: Path) -> None:
    """A name that was given or taken away lasts only once the folder itself is on the disk."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
