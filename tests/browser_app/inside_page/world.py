# One life of a phone on a disk that may lose its power at any write: what was acknowledged in lives
# before is there, then more is written. See lossy_disk.mjs.
import os
import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from fieldapp.adapters.ciphers import Clear
from fieldapp.adapters.sqlite_album import SqliteAlbum
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.ports import StorageFailure

ROOM, KEYS, PHOTOS, MARK = 10**9, 8, 6, b"what is moved" * 50
sure: dict[str, Any] = {}  # what was acknowledged
asked: dict[str, Any] = {}  # what was asked for and not acknowledged when the power went


def born() -> None:
    sure.clear()
    asked.clear()


def photo(number: int) -> bytes:
    return b"\xff\xd8" + sha256(str(number).encode()).digest() * 300 + b"\xff\xd9"


def digest(number: int) -> str:
    return sha256(photo(number)).hexdigest()


def live(home: str, seed: int, is_on: Callable[[], bool]) -> str:
    """The flaws; "" if all that was acknowledged is there. Raises whatever fails while the power
    `is_on`."""
    root, dice, flaws = Path(home), Random(seed), ""
    try:
        notebook = SqliteNotebook.whole(root / "notebook.db", Clear(), exclusive=True)
        album = SqliteAlbum(root / "album.db", Clear(), lambda: ROOM)
        flaws = checked(notebook, album, root)
        for _ in range(dice.randint(5, 50)):
            STEPS[dice.randrange(len(STEPS))](notebook, album, root, dice)
    except (StorageFailure, OSError, sqlite3.Error):
        if is_on():  # something of ours is broken
            raise
    return flaws


def checked(notebook: SqliteNotebook, album: SqliteAlbum, root: Path) -> str:
    here: dict[str, Any] = {f"row-{n}": notebook.remembered(f"row-{n}") for n in range(KEYS)}
    here |= {f"photo-{n}": album.read(digest(n)) is not None for n in range(PHOTOS)}
    here["pair"] = notebook.remembered("left")
    moved = [name for name in ("a", "b") if (root / name).exists()]
    here["moved"] = "".join(moved)
    flaws = [
        f"{name} is {str(found)[:20]}, was {str(sure.get(name))[:20]}"
        for name, found in here.items()
        if name in sure and found not in (sure[name], asked.get(name, sure[name]))
    ]
    if notebook.remembered("right") != here["pair"]:
        flaws.append("half of a transaction")
    if any((root / name).read_bytes() != MARK for name in moved) and "moved" in sure:
        flaws.append("what was moved is another")
    if notebook.remembered("torn"):
        flaws.append("the notebook was damaged")
    sure.update({name: found for name, found in here.items() if name in sure or name in asked})
    asked.clear()
    return "; ".join(flaws)


def remember(notebook: SqliteNotebook, album: SqliteAlbum, root: Path, dice: Random) -> None:
    key, text = f"row-{dice.randrange(KEYS)}", "x" * dice.randint(1, 3_000)
    asked[key] = text
    notebook.remember(key, text)
    acknowledged(key)


def pair(notebook: SqliteNotebook, album: SqliteAlbum, root: Path, dice: Random) -> None:
    asked["pair"] = text = str(dice.random())
    with notebook.atomic():
        notebook.remember("left", text)
        notebook.remember("right", text)
    acknowledged("pair")


def keep(notebook: SqliteNotebook, album: SqliteAlbum, root: Path, dice: Random) -> None:
    number = dice.randrange(PHOTOS)
    asked[f"photo-{number}"] = True
    album.keep(photo(number))
    acknowledged(f"photo-{number}")


def forget(notebook: SqliteNotebook, album: SqliteAlbum, root: Path, dice: Random) -> None:
    number = dice.randrange(PHOTOS)
    asked[f"photo-{number}"] = False
    album.forget(digest(number))
    acknowledged(f"photo-{number}")


def move(notebook: SqliteNotebook, album: SqliteAlbum, root: Path, dice: Random) -> None:
    """As a damaged notebook is set aside: by a new name."""
    if sure.get("moved") not in ("a", "b"):
        with (root / "a").open("wb") as file:
            file.write(MARK)
            file.flush()
            os.fsync(file.fileno())
        sure["moved"] = "a"
    old, new = ("a", "b") if sure["moved"] == "a" else ("b", "a")
    asked["moved"] = new
    os.replace(root / old, root / new)
    acknowledged("moved")


def acknowledged(name: str) -> None:
    sure[name] = asked.pop(name)


STEPS = (remember, remember, pair, keep, forget, move)
