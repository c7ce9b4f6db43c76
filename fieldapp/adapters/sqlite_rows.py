"""Converts values to rows of the notebook and back. What is sorted or compared by time is kept as
whole microseconds since 1970 in UTC, because text with offsets does not sort by time."""

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
RAW = 5  # where the sealed bytes stand in a row of OUTBOX and RECEIPTED
RECEIPTED = (
    "SELECT digest, kind, id, revision, sealed_at, raw, patrol, position, receipted_us FROM parcels"
    " WHERE position IS NOT NULL ORDER BY line"
)
PHOTOS = (
    "SELECT sha256, size, sent, due, stored_at, forgotten, patrol, idle_at FROM photos"
    " WHERE ? IS NULL OR (stored_at IS NOT NULL) = ? ORDER BY patrol DESC, rowid"
)
Row = dict[str, Any]


def micros(at: datetime) -> int:
    """Microseconds since 1970 of an aware time."""
    return (at - EPOCH) // timedelta(microseconds=1)


def entry_row(entry: Entry) -> Row:
    return {
        "id": str(entry.report.id),
        "stage": entry.stage.value,
        "seen_us": micros(entry.report.seen_at),
        "body": wire.encode(entry),
    }


def entries_where(stages: tuple[Stage, ...], before: Entry | None) -> tuple[str, list[Any]]:
    """The condition of a page of entries, as SQL with question marks, and its values."""
    where, values = ["1"], list[Any](stages)
    if stages:
        where = [f"stage IN ({', '.join('?' * len(stages))})"]
    if before:
        where.append("(seen_us, id) < (?, ?)")
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


def receipted_parcel(row: Any) -> ReceiptedParcel:
    *rest, position, receipted_us = row
    return ReceiptedParcel(parcel(rest), position, EPOCH + timedelta(microseconds=receipted_us))


def photo_row(photo: PhotoUploadState) -> Row:
    return {
        "sha256": photo.sha256,
        "size": photo.size,
        "sent": photo.sent,
        "due": int(photo.due),
        "stored_at": photo.stored_at.isoformat() if photo.stored_at else None,
        "forgotten": int(photo.forgotten),
        "patrol": photo.patrol,
        "idle_at": photo.idle_at.isoformat() if photo.idle_at else None,
    }


def photo(row: Any) -> PhotoUploadState:
    sha256, size, sent, due, stored_at, forgotten, patrol, idle_at = row
    stored, idle = (datetime.fromisoformat(at) if at else None for at in (stored_at, idle_at))
    return PhotoUploadState(sha256, size, sent, bool(due), stored, bool(forgotten), patrol, idle)


def answer_row(answer: Answer) -> Row:
    return {"seq": answer.seq, "report": str(answer.report), "body": wire.encode(answer)}
