"""The notebook's SQLite file as one connection: transactions, queries, and the seal on content."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import Table

from fieldapp.adapters.sqlite_file import open_connection, tells_storage_failures
from fieldapp.adapters.sqlite_schema import migrate, was_sealed_by
from fieldapp.ports import Cipher, NotebookClosed, NotebookDamaged


class SealedDatabase:
    """One connection behind one lock: without it, threads would mix their transactions.

    Content is sealed by `cipher`, each value for its own row. Raises a StorageFailure where SQLite
    cannot do what is asked; NotebookDamaged for a file that another key sealed, too;
    NotebookClosed once it was closed for good.
    """

    def __init__(self, path: Path, cipher: Cipher, *, exclusive: bool = False) -> None:
        self._lock, self._cipher, self._closed_for_good = RLock(), cipher, False
        with tells_storage_failures():
            self._db = Database(open_connection(path, exclusive=exclusive))
            try:
                migrate(self._db, cipher)
                if not was_sealed_by(self._db, cipher):
                    raise NotebookDamaged
            except BaseException:
                self._db.close()
                raise

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """One transaction; inside another one, a part of it that may fail alone."""
        with self._lock, tells_storage_failures():
            self._check_open()
            if self._db.conn.in_transaction:
                with self._db.atomic():
                    yield
                return
            # Else a transaction that began by reading fails once another tab has written.
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.commit()
            except BaseException:
                self._db.rollback()
                raise

    def rows(self, sql: str, *values: Any) -> list[Any]:
        with self._lock, tells_storage_failures():
            self._check_open()
            return self._db.execute(sql, values).fetchall()

    def execute(self, sql: str, *values: Any) -> int:
        """Runs one statement within `atomic`; the number of rows it changed."""
        return self._db.execute(sql, values).rowcount

    def table(self, name: str) -> Table:
        """For writes within `atomic`."""
        return self._db.table(name)

    def seal(self, content: bytes, table: str, *key: object) -> bytes:
        return self._cipher.seal(content, sealed_place(table, *key))

    def open(self, sealed: bytes, table: str, *key: object) -> bytes:
        """Raises CannotOpen."""
        return self._cipher.open(sealed, sealed_place(table, *key))

    def opens_everywhere(self, sealed: Mapping[str, tuple[str, str]]) -> bool:
        """Raises CannotOpen, or returns False, unless every sealed value opens. `sealed` names, by
        table, key and sealed column."""
        for table, (key, column) in sealed.items():
            for *names, content in self.rows(f"SELECT {key}, {column} FROM {table}"):  # noqa: S608  # fixed words
                if not isinstance(content, bytes):
                    return False
                self.open(content, table, *names)
        return True

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def close_if(self, ready: Callable[[], bool]) -> bool:
        """Closes for good if `ready()`, which may read; nothing is written between the two."""
        with self._lock:
            if ready():
                self._closed_for_good = True
                self._db.close()
            return self._closed_for_good

    def _check_open(self) -> None:
        if self._closed_for_good:
            raise NotebookClosed


def sealed_place(table: str, *key: object) -> str:
    """Names the row that a sealed value belongs to: moved to another row, it does not open."""
    return "/".join([table, *map(str, key)])
