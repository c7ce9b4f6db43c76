"""Opens the notebook's file so that a commit lasts, and puts a new one in a damaged one's place."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fieldapp.ports import (
    DiskFull,
    NotebookBusy,
    NotebookDamaged,
    NotebookShut,
    StorageFailure,
)

BUSY_S = 10  # two tabs of one browser profile write into the same file
# What SQLite says of a full disk: on a write, and when it cannot make its -shm file longer.
NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
FAILURES: dict[int, type[StorageFailure]] = {  # by SQLite's primary result code
    sqlite3.SQLITE_BUSY: NotebookBusy,
    sqlite3.SQLITE_LOCKED: NotebookBusy,
    sqlite3.SQLITE_PROTOCOL: NotebookBusy,
    sqlite3.SQLITE_CORRUPT: NotebookDamaged,
    sqlite3.SQLITE_NOTADB: NotebookDamaged,
    sqlite3.SQLITE_CANTOPEN: NotebookShut,
    sqlite3.SQLITE_IOERR: NotebookShut,
    sqlite3.SQLITE_READONLY: NotebookShut,
    sqlite3.SQLITE_PERM: NotebookShut,
    sqlite3.SQLITE_AUTH: NotebookShut,
}
TAILS = ("-shm", "-wal", "")  # of the files that make up one database, its own the last


def open_connection(path: Path, *, exclusive: bool = False) -> sqlite3.Connection:
    """A connection to a file that passed SQLite's check. A new one is readable by its owner alone,
    and so are its -wal and -shm, which take its mode. An `exclusive` one keeps its lock until it is
    closed, and needs no -shm, which wants memory that is shared. Raises NotebookDamaged."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    if path.is_dir():
        raise NotebookDamaged
    with suppress(FileExistsError):  # an existing file is not opened here: closing it would drop
        # this process's locks on it, and the next process to leave would delete its -wal
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    conn = sqlite3.connect(path, timeout=BUSY_S, check_same_thread=False)
    try:
        if exclusive:  # before the journal: only then is there no -shm
            conn.execute("PRAGMA locking_mode=EXCLUSIVE")
        conn.execute("PRAGMA journal_mode=WAL")
        conn.execute("PRAGMA synchronous=FULL")
        if conn.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise NotebookDamaged
    except BaseException:
        conn.close()
        raise
    return conn


def free_name(path: Path) -> Path:
    """Under which a damaged notebook is kept."""
    number = 1
    while (aside := path.with_name(f"{path.name}.torn-{number}")).exists():
        number += 1
    return aside


def move_database(path: Path, to: Path) -> None:
    """Renames a database with its -wal, so that a person may mend it."""
    for tail in TAILS:
        if (part := Path(f"{path}{tail}")).exists():
            part.rename(f"{to}{tail}")


@contextmanager
def tells_storage_failures() -> Iterator[None]:
    """Raises a StorageFailure for what SQLite says of the disk, of locks and of damage; nothing was
    written then."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        failure = DiskFull if code in NO_ROOM else FAILURES.get(code & 0xFF)
        if failure is None:
            raise
        raise failure from error
