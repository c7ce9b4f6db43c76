"""The notebook in one SQLite file: what a write returned from is on the disk."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from contract import wire
from contract.protocol import Answer
from fieldapp.adapters import sqlite_rows as rows
from fieldapp.adapters.sqlite_pages import TORN, Pages
from fieldapp.ports import PhotoUploadState, ReceiptedParcel
from fieldapp.report.entry import UNDO, Entry, Stage
from fieldapp.report.parcel import Parcel

__all__ = ["TORN", "SqliteNotebook"]


class SqliteNotebook(Pages):
    """Port Notebook."""

    def entry(self, report: UUID) -> Entry | None:
        found = self._rows("SELECT body FROM entries WHERE id = ?", str(report))
        return self._entry(str(report), found[0][0]) if found else None

    def entries(
        self, stages: Iterable[Stage] = (), limit: int = 50, before: Entry | None = None
    ) -> Sequence[Entry]:
        where, values = rows.entries_asked(tuple(stages), before)
        found = self._rows(
            f"SELECT id, body FROM entries WHERE {where} ORDER BY seen_at DESC, id DESC LIMIT ?",  # noqa: S608  # fixed words and question marks
            *values,
            limit,
        )
        return [self._entry(name, body) for name, body in found]

    def counts(self) -> dict[Stage, int]:
        found = dict(self._rows("SELECT stage, count(*) FROM entries GROUP BY stage"))
        return {stage: found.get(stage.value, 0) for stage in Stage}

    def write(self, entry: Entry) -> None:
        with self.atomic():
            held = self.entry(entry.report.id)
            kept = entry.knowing(held) if held else entry
            row = rows.entry_row(kept)
            row["body"] = self._seal(row["body"], "entries", row["id"])
            self._db.table("entries").insert(row, pk="id", replace=True)

    def discard(self, report: UUID) -> None:
        with self.atomic():
            held = self.entry(report)
            if held and held.report.revision == 0:
                self._db.table("entries").delete(str(report))

    def enqueue(self, parcel: Parcel) -> None:
        with self.atomic():
            row = rows.parcel_row(parcel)
            row["raw"] = self._seal(row["raw"], "parcels", row["digest"])
            self._db.table("parcels").insert(row, ignore=True)

    def dequeue(self, digest: str) -> None:
        with self.atomic():
            self._db.table("parcels").delete_where("digest = ? AND position IS NULL", [digest])

    def outbox(self, sealed_before: datetime, limit: int) -> Sequence[Parcel]:
        before, after = rows.micros(sealed_before), rows.micros(sealed_before + 2 * UNDO)
        found = self._rows(rows.OUTBOX, before, after, limit)
        return [rows.parcel(self._with_raw(row)) for row in found]

    def keep_receipted(self, digest: str, position: int, at: datetime) -> None:
        with self.atomic():
            self._db.execute(
                "UPDATE parcels SET position = ?, shelved_us = ? WHERE digest = ?",
                [position, rows.micros(at), digest],
            )

    def receipted(self) -> Sequence[ReceiptedParcel]:
        return [rows.kept(self._with_raw(row)) for row in self._rows(rows.SHELF)]

    def requeue_receipted(self) -> Sequence[Parcel]:
        with self.atomic():
            kept = [one.parcel for one in self.receipted()]
            self._db.execute(
                "UPDATE parcels SET position = NULL, shelved_us = NULL WHERE position IS NOT NULL"
            )
        return kept

    def purge_receipted(self, now: datetime, stays: timedelta) -> int:
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

    def save_photo(self, picture: PhotoUploadState) -> None:
        with self.atomic():
            row = rows.picture_row(picture)
            self._db.table("pictures").upsert(row, pk="sha256")

    def note_photo_sent(self, sha256: str, sent: int) -> None:
        with self.atomic():
            self._db.execute("UPDATE pictures SET sent = ? WHERE sha256 = ?", [sent, sha256])

    def photos(self, stored: bool | None = None) -> Sequence[PhotoUploadState]:
        return [rows.picture(row) for row in self._rows(rows.PICTURES, stored, stored)]

    def keep_answer(self, answer: Answer) -> bool:
        with self.atomic():
            held = self._rows(
                "SELECT 1 FROM answers WHERE report = ? AND seq = ?", str(answer.report), answer.seq
            )
            row = rows.answer_row(answer)
            row["body"] = self._seal(row["body"], "answers", row["report"], row["seq"])
            self._db.table("answers").insert(row, ignore=True)
        return not held

    def drop_answer(self, answer: Answer) -> None:
        with self.atomic():
            key = [str(answer.report), answer.seq]
            self._db.table("answers").delete_where("report = ? AND seq = ?", key)

    def answers(self) -> Sequence[Answer]:
        found = self._rows("SELECT report, seq, body FROM answers ORDER BY seq, report")
        return [
            wire.decode(Answer, self._open(body, "answers", report, seq))
            for report, seq, body in found
        ]

    def remembered(self, key: str) -> str | None:
        found = self._rows("SELECT text FROM memories WHERE key = ?", key)
        return self._open(found[0][0], "memories", key).decode() if found else None

    def _entry(self, name: str, body: bytes) -> Entry:
        return wire.decode(Entry, self._open(body, "entries", name))

    def _with_raw(self, row: Any) -> list[Any]:
        digest, *rest = row
        rest[rows.RAW - 1] = self._open(row[rows.RAW], "parcels", digest)
        return [digest, *rest]
