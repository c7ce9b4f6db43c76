"""Values to rows of the notebook and back. Moments are also kept as whole microseconds since 1970,
because text with offsets does not sort by time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from contract import wire
from contract.replies import Answer, ArrivalKind
from fieldapp.entry import Entry, Stage
from fieldapp.parcel import Parcel
from fieldapp.ports import Picture

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = dict[str, Any]
# The first migration: a statement that shipped is never edited. `line` is the order of posting, for
# a clock that jumps must not reorder the outbox. Answers are counted per duty post: a phone that
# changes hands meets one `seq` twice.
TABLES = (
    "CREATE TABLE entries (id TEXT PRIMARY KEY, stage TEXT NOT NULL,"
    " seen_at INTEGER NOT NULL, body BLOB NOT NULL) STRICT",
    "CREATE INDEX entries_newest ON entries (seen_at, id)",
    "CREATE INDEX entries_by_stage ON entries (stage, seen_at, id)",
    "CREATE TABLE parcels (line INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE,"
    " kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL,"
    " sealed_at TEXT NOT NULL, sealed_us INTEGER NOT NULL, raw BLOB NOT NULL) STRICT",
    "CREATE TABLE pictures (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, sent INTEGER NOT NULL,"
    " due INTEGER NOT NULL, stored_at TEXT, forgotten INTEGER NOT NULL) STRICT",
    "CREATE TABLE answers (seq INTEGER NOT NULL, report TEXT NOT NULL, body BLOB NOT NULL,"
    " PRIMARY KEY (report, seq)) STRICT",
    "CREATE TABLE memories (key TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT",
)


def micros(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def entry_row(entry: Entry) -> Row:
    return {
        "id": str(entry.report.id),
        "stage": entry.stage.value,
        "seen_at": micros(entry.report.seen_at),
        "body": wire.encode(entry),
    }


def entries_asked(stages: tuple[Stage, ...], before: Entry | None) -> tuple[str, list[Any]]:
    """The WHERE of a page of entries and its values."""
    where, values = ["1"], list[Any](stages)
    if stages:
        where = [f"stage IN ({', '.join('?' * len(stages))})"]
    if before:
        where.append("(seen_at, id) < (?, ?)")
        values += [micros(before.report.seen_at), str(before.report.id)]
    return " AND ".join(where), values


def parcel_row(parcel: Parcel) -> Row:
    return {
        "digest": parcel.digest,
        "kind": parcel.kind.value,
        "id": parcel.id,
        "revision": parcel.revision,
        "sealed_at": parcel.sealed_at.isoformat(),
        "sealed_us": micros(parcel.sealed_at),
        "raw": parcel.raw,
    }


def parcel(row: Any) -> Parcel:
    digest, kind, name, revision, sealed_at, raw = row
    return Parcel(
        digest=digest,
        kind=ArrivalKind(kind),
        id=name,
        revision=revision,
        sealed_at=datetime.fromisoformat(sealed_at),
        raw=raw,
    )


def picture_row(picture: Picture) -> Row:
    return {
        "sha256": picture.sha256,
        "size": picture.size,
        "sent": picture.sent,
        "due": int(picture.due),
        "stored_at": picture.stored_at.isoformat() if picture.stored_at else None,
        "forgotten": int(picture.forgotten),
    }


def picture(row: Any) -> Picture:
    sha256, size, sent, due, stored_at, forgotten = row
    at = datetime.fromisoformat(stored_at) if stored_at else None
    return Picture(sha256, size, sent, bool(due), at, bool(forgotten))


def answer_row(answer: Answer) -> Row:
    return {"seq": answer.seq, "report": str(answer.report), "body": wire.encode(answer)}
