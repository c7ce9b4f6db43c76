"""Takes everything a phone wrote out of its folder; its key is gone by then."""

from pathlib import Path

from fieldapp.adapters.durable_files import sync_folder

NOTEBOOK, ALBUM = "notebook.db", "album"


def wipe_folder(folder: Path) -> None:
    """The notebook's own file first, for it says whether there is more to do; then its log, torn
    ones, and pictures whole or half. Once more is harmless. May raise OSError."""
    whole = folder / NOTEBOOK
    whole.unlink(missing_ok=True)
    sync_folder(folder)
    album = folder / ALBUM
    pictures = sorted(album.iterdir()) if album.is_dir() else []
    for path in [*sorted(folder.glob(f"{NOTEBOOK}*")), *pictures]:
        path.unlink(missing_ok=True)
    for place in (folder, album):
        if place.is_dir():
            sync_folder(place)
