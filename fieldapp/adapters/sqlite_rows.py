"""Values to rows of the notebook and back. Moments are also kept as whole microseconds since 1970,
because text with offsets does not sort by time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from contract import wire
from contract.protocol import Answer, ArrivalKind
from fieldapp.ports import PhotoUploadState, ReceiptedParcel
from fieldapp.report.entry import Entry, Stage
from fieldapp.report.parcel import Parcel

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OUTBOX = (
    "SELECT digest, kind, id, revision, sealed_at, raw, patrol FROM parcels WHERE position IS NULL"
    " AND (sealed_us < ? OR sealed_us > ?) ORDER BY patrol DESC, line LIMIT ?"
)
RAW = 5  # where the sealed bytes stand in a row of OUTBOX and SHELF
SHELF = (
    "SELECT digest, kind, id, revision, sealed_at, raw, patrol, position, shelved_us FROM parcels"
    " WHERE position IS NOT NULL ORDER BY line"
)
PICTURES = (
    "SELECT sha256, size, sent, due, stored_at, forgotten, patrol, idle_at FROM pictures"
    " WHERE ? IS NULL OR (stored_at IS NOT NULL) = ? ORDER BY patrol DESC, rowid"
)
Row = dict[str, Any]


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


def place(table: str, *key: object) -> str:
    """Where sealed content belongs: a value moved to another row does not open there."""
    return "/".join([table, *map(str, key)])


def parcel_row(parcel: Parcel) -> Row:
    return {
        "digest": parcel.digest,
        "kind": parcel.kind.value,
        "id": parcel.id,
        "revision": parcel.revision,
        "sealed_at": parcel.sealed_at.isoformat(),
        "sealed_us": micros(parcel.sealed_at),
        "raw": parcel.raw,
        "patrol": parcel.patrol,
    }


def parcel(row: Any) -> Parcel:
    digest, kind, name, revision, sealed_at, raw, patrol = row
    return Parcel(
        digest=digest,
        kind=ArrivalKind(kind),
        id=name,
        revision=revision,
        sealed_at=datetime.fromisoformat(sealed_at),
        raw=raw,
        patrol=patrol,
    )


def kept(row: Any) -> ReceiptedParcel:
    *rest, position, shelved_us = row
    return ReceiptedParcel(parcel(rest), position, EPOCH + timedelta(microseconds=shelved_us))


def picture_row(picture: PhotoUploadState) -> Row:
    return {
        "sha256": picture.sha256,
        "size": picture.size,
        "sent": picture.sent,
        "due": int(picture.due),
        "stored_at": picture.stored_at.isoformat() if picture.stored_at else None,
        "forgotten": int(picture.forgotten),
        "patrol": picture.patrol,
        "idle_at": picture.idle_at.isoformat() if picture.idle_at else None,
    }


def picture(row: Any) -> PhotoUploadState:
    sha256, size, sent, due, stored_at, forgotten, patrol, idle_at = row
    stored, idle = (datetime.fromisoformat(at) if at else None for at in (stored_at, idle_at))
    return PhotoUploadState(sha256, size, sent, bool(due), stored, bool(forgotten), patrol, idle)


def answer_row(answer: Answer) -> Row:
    return {"seq": answer.seq, "report": str(answer.report), "body": wire.encode(answer)}
