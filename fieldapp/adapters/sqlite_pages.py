"""The file below the notebook: one connection, one pen, and the seal on what it writes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from sqlite_utils import Database

from fieldapp.adapters import sqlite_rows as rows
from fieldapp.adapters.ciphers import Clear
from fieldapp.adapters.sqlite_file import full, opened, set_aside
from fieldapp.adapters.sqlite_steps import prepare, proves
from fieldapp.ports import Cipher, NotebookClosed

TORN = "torn"  # the memory that says under which name a torn notebook was set aside


class Pages:
    """One connection, and one pen: a connection shared by threads without a lock
    would mix their transactions. What a report says is sealed by `cipher`; in the clear stand ids,
    states, moments and digests, for order and for finding. A notebook that another key sealed is
    set aside like a torn one."""

    def __init__(self, path: Path, cipher: Cipher | None = None) -> None:
        self._pen, self._cipher, self._given_up = RLock(), cipher or Clear(), False
        with full():
            conn, torn = opened(path)
            self._db = Database(conn)
            prepare(self._db, self._cipher)
            if not proves(self._db, self._cipher):
                self._db.close()
                torn = set_aside(path)
                self._db = Database(opened(path)[0])
                prepare(self._db, self._cipher)
        if torn:
            self.remember(TORN, torn)

    def remember(self, key: str, text: str | None) -> None:
        """Keep or (None) forget a small text."""
        with self.atomic():
            if text is None:
                self._db.table("memories").delete_where("key = ?", [key])
            else:
                row = {"key": key, "text": self._seal(text.encode(), "memories", key)}
                self._db.table("memories").insert(row, pk="key", replace=True)

    def close(self) -> None:
        with self._pen:
            self._db.close()

    def close_if(self, ready: Callable[[], bool]) -> bool:
        with self._pen:
            if ready():
                self._given_up = True
                self._db.close()
            return self._given_up

    @contextmanager
    def atomic(self) -> Iterator[None]:
        with self._pen, full():
            self._usable()
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

    def _seal(self, content: bytes, table: str, *key: object) -> bytes:
        return self._cipher.seal(content, rows.place(table, *key))

    def _open(self, sealed: bytes, table: str, *key: object) -> bytes:
        return self._cipher.open(sealed, rows.place(table, *key))

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        with self._pen:
            self._usable()
            return self._db.execute(sql, values).fetchall()

    def _usable(self) -> None:
        if self._given_up:
            raise NotebookClosed
