"""Opens the notebook's file so that a commit lasts, and sets a torn one aside without losing it."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fieldapp.ports import DiskFull

BUSY_S = 10  # two tabs of one browser profile write into the same file
# What SQLite says of a full disk: on a write, and when it cannot make its -shm file longer.
FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
UNREADABLE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def opened(path: Path) -> tuple[sqlite3.Connection, str | None]:
    """A connection, and the name under which a torn file was set aside if there was one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    try:
        return _sound(path), None
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in UNREADABLE:
            raise
    aside = set_aside(path)
    return _sound(path), aside


def set_aside(path: Path) -> str:
    """Kept, for it may hold what nobody else has. Its -wal goes along: it may be mended by hand."""
    nth = 1
    while (aside := path.with_name(f"{path.name}.torn-{nth}")).exists():
        nth += 1
    for tail in ("-shm", "-wal", ""):
        if (part := Path(f"{path}{tail}")).exists():
            part.rename(f"{aside}{tail}")
    return aside.name


@contextmanager
def full() -> Iterator[None]:
    """Says Full where SQLite says that there is no room; nothing was written then."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode not in FULL:
            raise
        raise DiskFull from error


def _sound(path: Path) -> sqlite3.Connection:
    """-wal and -shm take the mode of the file that they belong to."""
    with suppress(FileExistsError):  # one that is there is not touched: to close it would undo
        # this process's locks, and the next other one to leave would take its -wal away
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
