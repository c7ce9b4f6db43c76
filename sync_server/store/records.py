"""Records, that is merged reports, with their photos; and patrols and suggestions."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, insert, select, update

from sync_server.domain.merge import Content, Merged
from sync_server.store.engine import THESE, THIS_BUREAU, DatabaseRow, Tx
from sync_server.store.prepared import PreparedStatement
from sync_server.store.readable import ReadRow, readable_rows
from sync_server.store.schema import patrols, record_photos, records, suggestions

_CURRENT = PreparedStatement(
    select(
        records.c.id,
        records.c.author,
        records.c.state,
        records.c.revision,
        records.c.digest,
        records.c.rivals,
        records.c.withdrawn_at,
    ).where(records.c.bureau == THIS_BUREAU, records.c.id.in_(THESE))
)
_ADD = PreparedStatement(insert(records))
_ADD_PHOTO = PreparedStatement(insert(record_photos))


def one(tx: Tx, record: str) -> DatabaseRow | None:
    """The record of the report with this id, or None."""
    return tx.run(select(records).where(_this(tx, record))).one_or_none()


def one_to_show(tx: Tx, record: str) -> ReadRow | None:
    """The same; `id`, `number` and `community` of a row that cannot be read."""
    key = (records.c.id, records.c.number, records.c.community)
    return next(iter(readable_rows(tx, select(records).where(_this(tx, record)), key)), None)


def current(tx: Tx, ids: Collection[str]) -> Mapping[str, dict[str, Any]]:
    """What new arrivals of these records are merged into, by id: `author`, `state`, `revision`,
    `digest`, `rivals` and `withdrawn_at`. An id without a record is left out."""
    return {row.id: row._asdict() for row in tx.rows_of(_CURRENT, ids)}


def merged(row: Mapping[str, Any] | None, withdrawn_at: datetime | None) -> Merged:
    """The same for domain/merge.py; `withdrawn_at` is of a withdrawal that arrived before its
    report, when there was no record yet."""
    if row is None:
        return Merged(withdrawn_at=withdrawn_at)
    content = Content(row["revision"], row["digest"])
    return Merged(content, frozenset(row["rivals"]), row["withdrawn_at"] or withdrawn_at)


def add(tx: Tx, rows: Iterable[Mapping[str, Any]]) -> None:
    """New records."""
    tx.run_each(_ADD, [{"bureau": tx.bureau, **row} for row in rows])


def alter(tx: Tx, record: str, changes: Mapping[str, Any]) -> None:
    """Changes some columns of a record."""
    tx.run(update(records).where(_this(tx, record)).values(dict(changes)))


def set_photos(tx: Tx, photos: Mapping[str, Iterable[str]], changed: Collection[str]) -> None:
    """The photos of the shown revision of each record, by digest, in the worker's order. Records
    that may have had photos before are among the `changed` ones: those photos are unlinked
    first."""
    if changed:
        old = and_(record_photos.c.bureau == tx.bureau, record_photos.c.id.in_(changed))
        tx.run(delete(record_photos).where(old))
    rows = [
        {"bureau": tx.bureau, "id": record, "sha256": sha256, "n": n}
        for record, digests in photos.items()
        for n, sha256 in enumerate(digests)
    ]
    tx.run_each(_ADD_PHOTO, rows)


def keep_patrol(tx: Tx, patrol: str, row: Mapping[str, Any]) -> None:
    """Keeps a patrol's highest revision; of two contents under one revision the one with the
    greater digest, as with reports."""
    here = and_(patrols.c.bureau == tx.bureau, patrols.c.id == patrol)
    held = tx.run(select(patrols.c.revision, patrols.c.digest).where(here)).one_or_none()
    if held is None:
        tx.run(insert(patrols).values(bureau=tx.bureau, id=patrol, **row))
    elif (row["revision"], row["digest"]) > (held.revision, held.digest):
        tx.run(update(patrols).where(here).values(dict(row)))


def keep_suggestion(tx: Tx, suggestion: str, row: Mapping[str, Any]) -> None:
    """Adds a suggestion unless it is known."""
    here = and_(suggestions.c.bureau == tx.bureau, suggestions.c.id == suggestion)
    if tx.run(select(suggestions.c.id).where(here)).first() is None:
        tx.run(insert(suggestions).values(bureau=tx.bureau, id=suggestion, **row))


def _this(tx: Tx, record: str) -> Any:
    return and_(records.c.bureau == tx.bureau, records.c.id == record)
