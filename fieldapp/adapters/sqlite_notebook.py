"""The notebook in one SQLite file: what a write returned from is on the disk."""

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from contract import wire
from contract.protocol import Answer
from fieldapp.adapters import sqlite_rows as rows
from fieldapp.adapters.ciphers import Clear
from fieldapp.adapters.sqlite_database import SealedDatabase
from fieldapp.adapters.sqlite_salvage import TORN, finish_renewal, renew
from fieldapp.ports import CannotOpen, Cipher, NotebookDamaged, PhotoUploadState, ReceiptedParcel
from fieldapp.report.entry import UNDO, Entry, Stage
from fieldapp.report.parcel import Parcel

SEALED = {  # by table: the columns of a row's key, and the one that is sealed
    "entries": ("id", "body"),
    "parcels": ("digest", "raw"),
    "answers": ("report, seq", "body"),
    "memories": ("key", "text"),
}
ALL = 1 << 40
DIGEST = re.compile(r"[0-9a-f]{64}")
__all__ = ["TORN", "SqliteNotebook"]


class SqliteNotebook:
    """Port Notebook. What a report says is sealed by `cipher`; in the clear stand ids, stages,
    moments and digests, which order and find rows."""

    def __init__(
        self, path: Path, cipher: Cipher | None = None, *, exclusive: bool = False
    ) -> None:
        """Opens the file at `path`, or begins it. What can be read of a damaged one goes into a new
        one, and the damaged one is kept beside it: see `renew`."""
        with suppress(NotebookDamaged):
            finish_renewal(path)
            self._db = SealedDatabase(path, cipher or Clear(), exclusive=exclusive)
            return
        begin = partial(SqliteNotebook, cipher=cipher, exclusive=exclusive)
        renew(path, cipher or Clear(), begin)
        self._db = SealedDatabase(path, cipher or Clear(), exclusive=exclusive)

    @classmethod
    def whole(cls, path: Path, cipher: Cipher, *, exclusive: bool = False) -> "SqliteNotebook":
        """The notebook at `path`, renewed too if a row of it cannot be read: SQLite's own check
        does not see damage inside a value, and one such row would break every list it is in."""
        begin = partial(cls, cipher=cipher, exclusive=exclusive)
        notebook = begin(path)
        if notebook._reads_everywhere():
            return notebook
        notebook.close()
        renew(path, cipher, begin)
        return begin(path)

    def _reads_everywhere(self) -> bool:
        try:
            self.outbox(rows.EPOCH, ALL)
            self.receipted()
            digests = [photo.sha256 for photo in self.photos()]
            return self._db.opens_everywhere(SEALED) and all(map(DIGEST.fullmatch, digests))
        except (CannotOpen, NotebookDamaged, sqlite3.OperationalError, ValueError, TypeError):
            return False

    def atomic(self) -> AbstractContextManager[None]:
        return self._db.atomic()

    def entry(self, report: UUID) -> Entry | None:
        found = self._db.rows("SELECT body FROM entries WHERE id = ?", str(report))
        return self._entry(str(report), found[0][0]) if found else None

    def entries(
        self, stages: Iterable[Stage] = (), limit: int = 50, before: Entry | None = None
    ) -> Sequence[Entry]:
        where, values = rows.entries_where(tuple(stages), before)
        found = self._db.rows(
            f"SELECT id, body FROM entries WHERE {where} ORDER BY seen_us DESC, id DESC LIMIT ?",  # noqa: S608  # fixed words and question marks
            *values,
            limit,
        )
        return [self._entry(name, body) for name, body in found]

    def counts(self) -> dict[Stage, int]:
        found = dict(self._db.rows("SELECT stage, count(*) FROM entries GROUP BY stage"))
        return {stage: found.get(stage.value, 0) for stage in Stage}

    def write(self, entry: Entry) -> None:
        with self.atomic():
            held = self.entry(entry.report.id)
            row = rows.entry_row(entry.with_news_of(held) if held else entry)
            row["body"] = self._db.seal(row["body"], "entries", row["id"])
            self._db.table("entries").insert(row, pk="id", replace=True)

    def discard(self, report: UUID) -> None:
        with self.atomic():
            held = self.entry(report)
            if held and held.report.revision == 0:
                self._db.table("entries").delete(str(report))

    def enqueue(self, parcel: Parcel) -> None:
        with self.atomic():
            row = rows.parcel_row(parcel)
            row["raw"] = self._db.seal(row["raw"], "parcels", row["digest"])
            self._db.table("parcels").insert(row, ignore=True)

    def dequeue(self, digest: str) -> None:
        with self.atomic():
            self._db.table("parcels").delete_where("digest = ? AND position IS NULL", [digest])

    def outbox(self, sealed_before: datetime, limit: int) -> Sequence[Parcel]:
        before, after = rows.micros(sealed_before), rows.micros(sealed_before + 2 * UNDO)
        found = self._db.rows(rows.OUTBOX, before, after, limit)
        return [rows.parcel(self._with_opened_raw(row)) for row in found]

    def keep_receipted(self, digest: str, position: int, at: datetime) -> None:
        with self.atomic():
            self._db.execute(
                "UPDATE parcels SET position = ?, receipted_us = ? WHERE digest = ?",
                position,
                rows.micros(at),
                digest,
            )

    def receipted(self) -> Sequence[ReceiptedParcel]:
        found = self._db.rows(rows.RECEIPTED)
        return [rows.receipted_parcel(self._with_opened_raw(row)) for row in found]

    def requeue_receipted(self) -> Sequence[Parcel]:
        with self.atomic():
            kept = [one.parcel for one in self.receipted()]
            self._db.execute(
                "UPDATE parcels SET position = NULL, receipted_us = NULL WHERE position IS NOT NULL"
            )
        return kept

    def purge_receipted(self, now: datetime, stays: timedelta) -> int:
        at = rows.micros(now)
        before = at - stays // timedelta(microseconds=1)
        if not self._db.rows(
            "SELECT 1 FROM parcels WHERE receipted_us <= ? OR receipted_us > ?", before, at
        ):
            return 0  # a write for nothing would wear the phone's flash at every round
        with self.atomic():
            self._db.execute("UPDATE parcels SET receipted_us = ? WHERE receipted_us > ?", at, at)
            return self._db.execute("DELETE FROM parcels WHERE receipted_us <= ?", before)

    def waiting(self) -> int:
        return int(self._db.rows("SELECT count(*) FROM parcels WHERE position IS NULL")[0][0])

    def save_photo(self, photo: PhotoUploadState) -> None:
        with self.atomic():
            self._db.table("photos").upsert(rows.photo_row(photo), pk="sha256")

    def note_photo_sent(self, sha256: str, sent: int) -> None:
        with self.atomic():
            self._db.execute("UPDATE photos SET sent = ? WHERE sha256 = ?", sent, sha256)

    def photos(self, stored: bool | None = None) -> Sequence[PhotoUploadState]:
        return [rows.photo(row) for row in self._db.rows(rows.PHOTOS, stored, stored)]

    def keep_answer(self, answer: Answer) -> bool:
        with self.atomic():
            held = self._db.rows(
                "SELECT 1 FROM answers WHERE report = ? AND seq = ?", str(answer.report), answer.seq
            )
            row = rows.answer_row(answer)
            row["body"] = self._db.seal(row["body"], "answers", row["report"], row["seq"])
            self._db.table("answers").insert(row, ignore=True)
        return not held

    def drop_answer(self, answer: Answer) -> None:
        with self.atomic():
            key = [str(answer.report), answer.seq]
            self._db.table("answers").delete_where("report = ? AND seq = ?", key)

    def answers(self) -> Sequence[Answer]:
        found = self._db.rows("SELECT report, seq, body FROM answers ORDER BY seq, report")
        return [
            wire.decode(Answer, self._db.open(body, "answers", report, seq))
            for report, seq, body in found
        ]

    def remembered(self, key: str) -> str | None:
        found = self._db.rows("SELECT text FROM memories WHERE key = ?", key)
        return self._db.open(found[0][0], "memories", key).decode() if found else None

    def remember(self, key: str, text: str | None) -> None:
        with self.atomic():
            if text is None:
                self._db.table("memories").delete_where("key = ?", [key])
            else:
                row = {"key": key, "text": self._db.seal(text.encode(), "memories", key)}
                self._db.table("memories").insert(row, pk="key", replace=True)

    def close(self) -> None:
        self._db.close()

    def close_if(self, ready: Callable[[], bool]) -> bool:
        return self._db.close_if(ready)

    def _entry(self, name: str, body: bytes) -> Entry:
        return wire.decode(Entry, self._db.open(body, "entries", name))

    def _with_opened_raw(self, row: Any) -> list[Any]:
        digest, *rest = row
        rest[rows.RAW - 1] = self._db.open(row[rows.RAW], "parcels", digest)
        return [digest, *rest]
