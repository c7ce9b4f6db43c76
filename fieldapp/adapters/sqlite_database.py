"""The notebook's SQLite file as one connection: transactions, queries, and the seal on content."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import Table

from fieldapp.adapters.sqlite_file import open_connection, set_aside, tells_disk_full
from fieldapp.adapters.sqlite_schema import migrate, was_sealed_by
from fieldapp.ports import Cipher, NotebookClosed


class SealedDatabase:
    """One connection behind one lock: without it, threads would mix their transactions.

    Content is sealed by `cipher`, each value for its own row. A file that is torn, or that another
    key sealed, is set aside and a new one begun: `torn` has the name it was set aside under, None
    where nothing was. Raises DiskFull; NotebookClosed once it was closed for good.
    """

    def __init__(self, path: Path, cipher: Cipher) -> None:
        self._lock, self._cipher, self._closed_for_good = RLock(), cipher, False
        with tells_disk_full():
            conn, self.torn = open_connection(path)
            self._db = Database(conn)
            migrate(self._db, cipher)
            if not was_sealed_by(self._db, cipher):
                self._db.close()
                self.torn = set_aside(path)
                self._db = Database(open_connection(path)[0])
                migrate(self._db, cipher)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """One transaction; inside another one, a part of it that may fail alone."""
        with self._lock, tells_disk_full():
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
        with self._lock:
            self._check_open()
            return self._db.execute(sql, values).fetchall()

    def execute(self, sql: str, *values: Any) -> int:
        """Runs one statement within `atomic`; the number of rows it changed."""
        return self._db.execute(sql, values).rowcount

    def table(self, name: str) -> Table:
        """For writes within `atomic`."""
        return self._db.table(name)

    def seal(self, content: bytes, table: str, *key: object) -> bytes:
        return self._cipher.seal(content, _place(table, *key))

    def open(self, sealed: bytes, table: str, *key: object) -> bytes:
        """Raises CannotOpen."""
        return self._cipher.open(sealed, _place(table, *key))

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


def _place(table: str, *key: object) -> str:
    """Names the row that a sealed value belongs to: moved to another row, it does not open."""
    return "/".join([table, *map(str, key)])
