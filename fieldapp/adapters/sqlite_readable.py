"""Reads what can be read of a damaged notebook: row by row, and only what opens and fits."""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from contract import wire
from contract.protocol import Answer
from fieldapp.adapters import sqlite_rows
from fieldapp.adapters.sqlite_database import sealed_place
from fieldapp.adapters.sqlite_schema import first_page
from fieldapp.ports import CannotOpen, Cipher, PhotoUploadState, ReceiptedParcel
from fieldapp.report.entry import Entry
from fieldapp.report.parcel import Parcel

COLUMNS = {  # as they stand in the baseline, without those that are computed anew
    "memories": "key, text",
    "entries": "id, body",
    "answers": "report, seq, body",
    "parcels": "digest, kind, id, revision, sealed_at, raw, patrol, position, receipted_us",
    "photos": "sha256, size, sent, due, stored_at, forgotten, patrol, idle_at",
}
RAW = 5  # where the sealed bytes stand in a row of parcels
# After an error the next row number is tried, PATIENCE times; then the steps double with every
# DOUBLING errors, up to LAST: else a table without a sound page would be tried for minutes.
PATIENCE, DOUBLING, LAST = 1_000, 50, 1 << 24
UNFIT = (CannotOpen, wire.Unreadable, ValueError, TypeError, ArithmeticError, LookupError)
WAL_MODE, VERSION_VALID_FOR = slice(18, 20), slice(92, 96)


class Readable:
    """What is left in the file at `copy`, which belongs to the reader alone: it is written to. A
    value that does not open or does not fit is left out."""

    def __init__(self, copy: Path, cipher: Cipher) -> None:
        self._cipher, self._opened, self._conn = cipher, False, _connection(copy)
        if not self._lists_tables():
            self._conn.close()
            _mend_first_page(copy, first_page())
            self._conn = _connection(copy)

    def close(self) -> None:
        self._conn.close()

    def memories(self) -> Iterator[tuple[str, str]]:
        for name, text in self._rows("memories"):
            with suppress(*UNFIT):
                memory = self._open(text, "memories", name).decode()
                self._opened = True
                yield name, memory

    def entries(self) -> Iterator[Entry]:
        for name, body in self._rows("entries"):
            with suppress(*UNFIT):
                entry = wire.decode(Entry, self._open(body, "entries", name))
                if str(entry.report.id) == name:
                    self._opened = True
                    yield entry

    def answers(self) -> Iterator[Answer]:
        for report, seq, body in self._rows("answers"):
            with suppress(*UNFIT):
                yield wire.decode(Answer, self._open(body, "answers", report, seq))

    def parcels(self) -> Iterator[Parcel | ReceiptedParcel]:
        """In the order they were enqueued."""
        for row in self._rows("parcels"):
            with suppress(*UNFIT):
                row[RAW] = raw = self._open(row[RAW], "parcels", row[0])
                if sha256(raw).hexdigest() == row[0]:
                    waits = row[-2] is None
                    yield (
                        sqlite_rows.parcel(row[:-2]) if waits else sqlite_rows.receipted_parcel(row)
                    )

    def photos(self) -> Iterator[PhotoUploadState]:
        """Not sealed, so read last: those of another key's notebook are not this phone's."""
        for row in self._rows("photos") if self._opened else ():
            with suppress(*UNFIT):
                photo = sqlite_rows.photo(row)
                if len(bytes.fromhex(photo.sha256)) == 32 and 0 <= photo.sent <= photo.size:
                    yield photo

    def _open(self, sealed: object, table: str, *key: object) -> bytes:
        if not isinstance(sealed, bytes):
            raise TypeError(table)
        return self._cipher.open(sealed, sealed_place(table, *key))

    def _lists_tables(self) -> bool:
        with suppress(sqlite3.DatabaseError):
            for table, columns in COLUMNS.items():
                self._conn.execute(f"SELECT {columns} FROM {table} LIMIT 0")  # noqa: S608  # fixed words
            return True
        return False

    def _rows(self, table: str) -> Iterator[list[Any]]:
        """By row number, past each page that cannot be read."""
        sql = f"SELECT rowid, {COLUMNS[table]} FROM {table} NOT INDEXED WHERE rowid > ? ORDER BY 1"  # noqa: S608  # fixed words
        at, failed = -1, 0
        while at < LAST:
            try:
                for number, *row in self._conn.execute(sql, (at,)):
                    if number <= at:  # a damaged page leads back
                        raise sqlite3.DatabaseError
                    at, failed = number, 0
                    yield row
                return
            except sqlite3.DatabaseError:
                failed += 1
                at += 1 << max(0, failed - PATIENCE) // DOUBLING


def _connection(copy: Path) -> sqlite3.Connection:
    conn = sqlite3.connect(copy)
    conn.text_factory = lambda text: text.decode(errors="replace")
    return conn


def _mend_first_page(copy: Path, page: bytes) -> None:
    """Writes a sound first page into a file whose own is damaged: it holds the schema, which is the
    same in every notebook. SQLite takes the number of pages from the file's size where the second
    of two counters differs from the first (file format, 1.3.8)."""
    mended = bytearray(page)
    mended[WAL_MODE] = b"\2\2"
    mended[VERSION_VALID_FOR] = b"\xff\xff\xff\xff"
    with copy.open("r+b") as file:
        file.write(mended)
