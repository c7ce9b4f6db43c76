"""The album as rows of a second SQLite file, where files are few: in a browser."""

import sqlite3
from collections.abc import Callable
from hashlib import sha256 as digest_of
from pathlib import Path

from fieldapp.adapters.sqlite_file import (
    free_name,
    move_database,
    open_connection,
    tells_storage_failures,
)
from fieldapp.ports import CannotOpen, Cipher, NotebookDamaged

TABLE = "CREATE TABLE IF NOT EXISTS photos (sha256 TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT"
DIGITS = 64  # of a SHA-256
TORN = ".torn"  # a damaged row is renamed, not deleted: a person may still use what is left


class SqliteAlbum:
    """Port Album. `free_bytes` tells what the platform still gives."""

    def __init__(self, path: Path, cipher: Cipher, free_bytes: Callable[[], int]) -> None:
        """A file that is no database any more is kept beside a new one: its photos were damaged."""
        self._cipher, self._free = cipher, free_bytes
        try:
            self._db = self._opened(path)
        except NotebookDamaged:
            move_database(path, free_name(path))
            self._db = self._opened(path)

    def _opened(self, path: Path) -> sqlite3.Connection:
        with tells_storage_failures():
            db = open_connection(path, exclusive=True)
            db.isolation_level = None  # each statement is a transaction
            db.execute(TABLE)
            return db

    def keep(self, jpeg: bytes) -> str:
        name = digest_of(jpeg).hexdigest()
        if self.read(name) is None:
            sealed = self._cipher.seal(jpeg, f"album/{name}")
            self._execute("INSERT OR REPLACE INTO photos VALUES (?, ?)", name, sealed)
        return name

    def read(self, sha256: str) -> bytes | None:
        _check_name(sha256)
        found = self._execute("SELECT sealed FROM photos WHERE sha256 = ?", sha256).fetchone()
        if found is None:
            return None
        try:
            jpeg = self._cipher.open(found[0], f"album/{sha256}")
        except CannotOpen:
            jpeg = b""
        if digest_of(jpeg).hexdigest() != sha256:
            torn = "UPDATE OR REPLACE photos SET sha256 = sha256 || ? WHERE sha256 = ?"
            self._execute(torn, TORN, sha256)
            return None
        return jpeg

    def forget(self, sha256: str) -> None:
        _check_name(sha256)
        self._execute("DELETE FROM photos WHERE sha256 = ?", sha256)

    def used_bytes(self) -> int:
        found = self._execute("SELECT coalesce(sum(length(sealed)), 0) FROM photos").fetchone()
        return int(found[0])

    def free_bytes(self) -> int:
        return self._free()

    def close(self) -> None:
        self._db.close()

    def _execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        with tells_storage_failures():
            return self._db.execute(sql, values)


def _check_name(sha256: str) -> None:
    if len(sha256) != DIGITS or not sha256.isalnum():
        raise ValueError("a photo's name is its SHA-256")
