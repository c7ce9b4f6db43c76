"""Records, that is merged reports, with their photos; and patrols and suggestions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, delete, insert, select, update
from sqlalchemy.dialects import postgresql

from sync_server.domain.merge import Content, Merged
from sync_server.store.engine import THESE, THIS_BUREAU, DatabaseRow, Tx
from sync_server.store.lead_counts import COLUMNS, CountChanges
from sync_server.store.prepared import PreparedStatement
from sync_server.store.readable import ReadRow, readable_rows
from sync_server.store.schema import (
    patrols,
    record_photos,
    records,
    suggestions,
    unshown_photos,
)

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
LONGEST = 19  # digits of a number that fits its column
_COUNTED = PreparedStatement(
    select(*(records.c[name] for name in COLUMNS)).where(
        records.c.bureau == THIS_BUREAU, records.c.id.in_(THESE)
    )
)
_ADD = PreparedStatement(insert(records))
_ADD_PHOTO = PreparedStatement(insert(record_photos))
# PostgreSQL's ON CONFLICT DO NOTHING; SQLite understands it as well.
_ADD_UNSHOWN = PreparedStatement(postgresql.insert(unshown_photos).on_conflict_do_nothing())


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


def numbered(tx: Tx, number: str) -> DatabaseRow | None:
    """The record with this receipt number, or None."""
    here = and_(records.c.bureau == tx.bureau, records.c.number == number)
    wanted = select(records).where(here, records.c.seq == _seq(number))
    return tx.run(wanted.limit(1)).one_or_none()


def id_of_number(tx: Tx, number: str) -> str | None:
    """The id of the record that this receipt number is of, if nobody has taken it back."""
    here = and_(records.c.bureau == tx.bureau, records.c.number == number)
    of_seq = and_(records.c.seq == _seq(number), records.c.withdrawn_at.is_(None))
    found: str | None = tx.run(select(records.c.id).where(here, of_seq)).scalar_one_or_none()
    return found


def _seq(number: str) -> int:
    """By which the record is found at once: the digits at the end of its number; 0 for none."""
    digits = number.rpartition("-")[2]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < LONGEST else 0


def merged(row: Mapping[str, Any] | None, withdrawn_at: datetime | None) -> Merged:
    """The same for domain/merge.py; `withdrawn_at` is of a withdrawal that arrived before its
    report, when there was no record yet."""
    if row is None:
        return Merged(withdrawn_at=withdrawn_at)
    content = Content(row["revision"], row["digest"])
    return Merged(content, frozenset(row["rivals"]), row["withdrawn_at"] or withdrawn_at)


def add(tx: Tx, rows: Iterable[Mapping[str, Any]]) -> None:
    """New records."""
    added = [{"bureau": tx.bureau, **row} for row in rows]
    tx.run_each(_ADD, added)
    for row in added:
        tx.last(CountChanges).add(row, 1)


def alter(tx: Tx, record: str, changes: Mapping[str, Any]) -> None:
    """Changes some columns of a record."""
    if not changes.keys().isdisjoint(COLUMNS):
        for row in tx.rows_of(_COUNTED, [record]):
            tx.last(CountChanges).add(row._asdict(), -1)
            tx.last(CountChanges).add({**row._asdict(), **changes}, 1)
    tx.run(update(records).where(_this(tx, record)).values(dict(changes)))


def set_photos(tx: Tx, photos: Mapping[str, Iterable[str]], changed: Collection[str]) -> None:
    """The photos of the shown revision of each record, by digest, in the worker's order. Records
    that may have had photos before are among the `changed` ones: those photos are no longer
    shown."""
    if changed:
        old = and_(record_photos.c.bureau == tx.bureau, record_photos.c.id.in_(changed))
        held = tx.run(select(record_photos.c.id, record_photos.c.sha256).where(old)).all()
        keep_unshown_photos(tx, {(row.id, row.sha256) for row in held})
        tx.run(delete(record_photos).where(old))
    rows = [
        {"bureau": tx.bureau, "id": record, "sha256": sha256, "n": n}
        for record, digests in photos.items()
        for n, sha256 in enumerate(digests)
    ]
    tx.run_each(_ADD_PHOTO, rows)


def keep_unshown_photos(tx: Tx, named: Collection[tuple[str, str]]) -> None:
    """Photos, each (record, digest), of revisions that the record does not show."""
    rows = [{"bureau": tx.bureau, "id": id, "sha256": sha256} for id, sha256 in sorted(named)]
    tx.run_each(_ADD_UNSHOWN, rows)


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


def records_after(tx: Tx, id: str, most: int) -> Sequence[ReadRow]:
    """`id` and `body` of the first records whose id is greater, in order."""
    return _after(tx, records, id, most)


def patrols_after(tx: Tx, id: str, most: int) -> Sequence[ReadRow]:
    """The same of patrols."""
    return _after(tx, patrols, id, most)


def name_patrol(tx: Tx, patrol: str, body: Any) -> None:
    """A patrol's content with other names of its compounds."""
    here = and_(patrols.c.bureau == tx.bureau, patrols.c.id == patrol)
    tx.run(update(patrols).where(here).values(body=body))


def _after(tx: Tx, table: Table, id: str, most: int) -> Sequence[ReadRow]:
    here = select(table.c.id, table.c.body).where(table.c.bureau == tx.bureau, table.c.id > id)
    return readable_rows(tx, here.order_by(table.c.id).limit(most), (table.c.id,))


def _this(tx: Tx, record: str) -> Any:
    return and_(records.c.bureau == tx.bureau, records.c.id == record)
