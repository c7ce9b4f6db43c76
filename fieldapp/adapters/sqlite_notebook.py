"""The notebook in one SQLite file: what a write returned from is on the disk."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import Any
from uuid import UUID

from sqlite_utils import Database, Migrations

from contract import wire
from contract.replies import Answer
from fieldapp.adapters import sqlite_rows as rows
from fieldapp.adapters import sqlite_tables
from fieldapp.adapters.sqlite_file import full, opened
from fieldapp.entry import UNDO, Entry, Stage
from fieldapp.parcel import Parcel
from fieldapp.ports import Kept, Picture

MIGRATIONS = Migrations("notebook")
TORN = "torn"  # the memory that says under which name a torn notebook was set aside


@MIGRATIONS()
def tables(db: Database) -> None:
    for statement in sqlite_tables.TABLES:
        db.execute(statement)


@MIGRATIONS()
def shelf(db: Database) -> None:
    for statement in sqlite_tables.SHELF:
        db.execute(statement)
    sqlite_tables.name_patrols(db.conn)


class SqliteNotebook:
    """Port Notebook. One connection, and one pen: a connection shared by threads without a lock
    would mix their transactions."""

    def __init__(self, path: Path) -> None:
        self._pen = RLock()
        with full():
            conn, torn = opened(path)
            self._db = Database(conn)
            MIGRATIONS.apply(self._db)
        if torn:
            self.remember(TORN, torn)

    def close(self) -> None:
        with self._pen:
            self._db.close()

    @contextmanager
    def atomic(self) -> Iterator[None]:
        with self._pen, full():
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

    def entry(self, report: UUID) -> Entry | None:
        found = self._rows("SELECT body FROM entries WHERE id = ?", str(report))
        return wire.decode(Entry, found[0][0]) if found else None

    def entries(
        self, stages: Iterable[Stage] = (), limit: int = 50, before: Entry | None = None
    ) -> Sequence[Entry]:
        where, values = rows.entries_asked(tuple(stages), before)
        found = self._rows(
            f"SELECT body FROM entries WHERE {where} ORDER BY seen_at DESC, id DESC LIMIT ?",  # noqa: S608  # fixed words and question marks
            *values,
            limit,
        )
        return [wire.decode(Entry, body) for (body,) in found]

    def counts(self) -> dict[Stage, int]:
        found = dict(self._rows("SELECT stage, count(*) FROM entries GROUP BY stage"))
        return {stage: found.get(stage.value, 0) for stage in Stage}

    def write(self, entry: Entry) -> None:
        with self.atomic():
            held = self.entry(entry.report.id)
            kept = entry.knowing(held) if held else entry
            self._db.table("entries").insert(rows.entry_row(kept), pk="id", replace=True)

    def discard(self, report: UUID) -> None:
        with self.atomic():
            held = self.entry(report)
            if held and held.report.revision == 0:
                self._db.table("entries").delete(str(report))

    def post(self, parcel: Parcel) -> None:
        with self.atomic():
            self._db.table("parcels").insert(rows.parcel_row(parcel), ignore=True)

    def recall(self, digest: str) -> None:
        with self.atomic():
            self._db.table("parcels").delete_where("digest = ? AND position IS NULL", [digest])

    def outbox(self, sealed_before: datetime, limit: int) -> Sequence[Parcel]:
        before, after = rows.micros(sealed_before), rows.micros(sealed_before + 2 * UNDO)
        found = self._rows(rows.OUTBOX, before, after, limit)
        return [rows.parcel(row) for row in found]

    def shelve(self, digest: str, position: int, at: datetime) -> None:
        with self.atomic():
            self._db.execute(
                "UPDATE parcels SET position = ?, shelved_us = ? WHERE digest = ?",
                [position, rows.micros(at), digest],
            )

    def shelf(self) -> Sequence[Kept]:
        return [rows.kept(row) for row in self._rows(rows.SHELF)]

    def unshelve(self) -> Sequence[Parcel]:
        with self.atomic():
            kept = [one.parcel for one in self.shelf()]
            self._db.execute(
                "UPDATE parcels SET position = NULL, shelved_us = NULL WHERE position IS NOT NULL"
            )
        return kept

    def clear_shelf(self, now: datetime, stays: timedelta) -> int:
        at = rows.micros(now)
        before = at - stays // timedelta(microseconds=1)
        if not self._rows(
            "SELECT 1 FROM parcels WHERE shelved_us <= ? OR shelved_us > ?", before, at
        ):
            return 0
        with self.atomic():
            self._db.execute("UPDATE parcels SET shelved_us = ? WHERE shelved_us > ?", [at, at])
            gone = self._db.execute("DELETE FROM parcels WHERE shelved_us <= ?", [before])
        return gone.rowcount

    def waiting(self) -> int:
        return int(self._rows("SELECT count(*) FROM parcels WHERE position IS NULL")[0][0])

    def draw(self, picture: Picture) -> None:
        with self.atomic():
            row = rows.picture_row(picture)
            self._db.table("pictures").upsert(row, pk="sha256")

    def reach(self, sha256: str, sent: int) -> None:
        with self.atomic():
            self._db.execute("UPDATE pictures SET sent = ? WHERE sha256 = ?", [sent, sha256])

    def pictures(self, stored: bool | None = None) -> Sequence[Picture]:
        return [rows.picture(row) for row in self._rows(rows.PICTURES, stored, stored)]

    def file(self, answer: Answer) -> bool:
        with self.atomic():
            held = self._rows(
                "SELECT 1 FROM answers WHERE report = ? AND seq = ?", str(answer.report), answer.seq
            )
            self._db.table("answers").insert(rows.answer_row(answer), ignore=True)
        return not held

    def strike(self, answer: Answer) -> None:
        with self.atomic():
            key = [str(answer.report), answer.seq]
            self._db.table("answers").delete_where("report = ? AND seq = ?", key)

    def answers(self) -> Sequence[Answer]:
        found = self._rows("SELECT body FROM answers ORDER BY seq, report")
        return [wire.decode(Answer, body) for (body,) in found]

    def recollect(self, key: str) -> str | None:
        found = self._rows("SELECT text FROM memories WHERE key = ?", key)
        return str(found[0][0]) if found else None

    def remember(self, key: str, text: str | None) -> None:
        with self.atomic():
            if text is None:
                self._db.table("memories").delete_where("key = ?", [key])
            else:
                row = {"key": key, "text": text}
                self._db.table("memories").insert(row, pk="key", replace=True)

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        with self._pen:
            return self._db.execute(sql, values).fetchall()
