"""The folder of a phone, to delete everything in it after its key was destroyed."""

from pathlib import Path

from fieldapp.adapters.durable_files import sync_folder

NOTEBOOK, ALBUM, ALBUM_FILE = "notebook.db", "album", "album.db"


class PhoneFolder:
    """Port PhoneFiles."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has_notebook(self) -> bool:
        return (self._folder / NOTEBOOK).exists()

    def delete_all(self) -> None:
        """The notebook's own file goes first, for its absence says that a wipe was begun; then its
        log, torn notebooks, and photos whole or half."""
        (self._folder / NOTEBOOK).unlink(missing_ok=True)
        sync_folder(self._folder)
        album = self._folder / ALBUM
        photos = sorted(album.iterdir()) if album.is_dir() else []
        files = [*self._folder.glob(f"{NOTEBOOK}*"), *self._folder.glob(f"{ALBUM_FILE}*")]
        for path in [*sorted(files), *photos]:
            path.unlink(missing_ok=True)
        for place in (self._folder, album):
            if place.is_dir():
                sync_folder(place)
