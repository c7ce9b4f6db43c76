# Writes rows and photos for ever, and says so after each: then the browser is killed.
import asyncio
from hashlib import sha256
from pathlib import Path

from fieldapp.adapters.noble_cipher import NobleCipher
from fieldapp.adapters.page_scripts import OwnPageScripts
from fieldapp.adapters.sqlite_album import SqliteAlbum
from fieldapp.adapters.sqlite_notebook import SqliteNotebook

FOLDER = Path("/phone/kills")
PHOTO_EVERY = 7


def photo(number: int) -> bytes:
    return b"\xff\xd8" + sha256(str(number).encode()).digest() * 4000 + b"\xff\xd9"


def opened() -> tuple[SqliteNotebook, SqliteAlbum]:
    scripts = OwnPageScripts()
    cipher = NobleCipher(scripts, b"k" * 32)
    notebook = SqliteNotebook.whole(FOLDER / "notebook.db", cipher, exclusive=True)
    return notebook, SqliteAlbum(FOLDER / "album.db", cipher, scripts.free_bytes)


def found(
    notebook: SqliteNotebook, album: SqliteAlbum, acknowledged: int, photos: list[int]
) -> list[object]:
    """What is missing of all that was acknowledged, and how many rows there are."""
    rows = 0
    while notebook.remembered(f"row-{rows + 1}") == str(rows + 1):
        rows += 1
    lost = [
        number
        for number in photos
        if album.read(sha256(photo(number)).hexdigest()) != photo(number)
    ]
    torn = notebook.remembered("torn") or ""
    return [rows, rows < acknowledged, lost, torn]


async def write(notebook: SqliteNotebook, album: SqliteAlbum, first: int) -> None:
    for number in range(first, first + 100_000):
        notebook.remember(f"row-{number}", str(number))
        print("ack row", number)
        if number % PHOTO_EVERY == 0:
            album.keep(photo(number))
            print("ack photo", number)
        await asyncio.sleep(0)
