"""Opens the notebook's file so that a commit lasts, and sets a torn one aside without losing it."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fieldapp.ports import DiskFull

BUSY_S = 10  # two tabs of one browser profile write into the same file
# What SQLite says of a full disk: on a write, and when it cannot make its -shm file longer.
NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
UNREADABLE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def open_connection(path: Path) -> tuple[sqlite3.Connection, str | None]:
    """A connection to a file that passed SQLite's check, and the name under which a torn one was
    set aside (None where it was whole or new)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    try:
        return _open_sound(path), None
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in UNREADABLE:
            raise
    aside = set_aside(path)
    return _open_sound(path), aside


def set_aside(path: Path) -> str:
    """Renames a notebook that cannot be read, and returns its new name. It is kept, for it may hold
    what nobody else has; its -wal goes along, so that a person may mend it."""
    number = 1
    while (aside := path.with_name(f"{path.name}.torn-{number}")).exists():
        number += 1
    for tail in ("-shm", "-wal", ""):
        if (part := Path(f"{path}{tail}")).exists():
            part.rename(f"{aside}{tail}")
    return aside.name


@contextmanager
def tells_disk_full() -> Iterator[None]:
    """Raises DiskFull where SQLite says that there is no room; nothing was written then."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode not in NO_ROOM:
            raise
        raise DiskFull from error


def _open_sound(path: Path) -> sqlite3.Connection:
    """Raises sqlite3.DatabaseError if the file is torn. A new one is readable by its owner alone,
    and so are its -wal and -shm, which take its mode."""
    with suppress(FileExistsError):  # an existing file is not opened here: closing it would drop
        # this process's locks on it, and the next process to leave would delete its -wal
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    conn = sqlite3.connect(path, timeout=BUSY_S, check_same_thread=False)
    try:
        conn.execute("PRAGMA journal_mode=WAL")
        conn.execute("PRAGMA synchronous=FULL")
        found = conn.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            torn = sqlite3.DatabaseError(found)
            torn.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise torn
    except BaseException:
        conn.close()
        raise
    return conn
