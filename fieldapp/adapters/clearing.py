"""Takes everything a phone wrote out of its folder; its key is gone by then."""

import os
from pathlib import Path

NOTEBOOK, ALBUM = "notebook.db", "album"


def clear(folder: Path) -> None:
    """The notebook's own file first, for it says whether there is more to do; then its log, torn
    ones, and pictures whole or half. Once more is harmless. May raise OSError."""
    whole = folder / NOTEBOOK
    whole.unlink(missing_ok=True)
    _settle(folder)
    album = folder / ALBUM
    pictures = sorted(album.iterdir()) if album.is_dir() else []
    for path in [*sorted(folder.glob(f"{NOTEBOOK}*")), *pictures]:
        path.unlink(missing_ok=True)
    for place in (folder, album):
        if place.is_dir():
            _settle(place)


def _settle(folder: Path) -> None:
    """What was taken away stays away once the folder itself is on the disk."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
