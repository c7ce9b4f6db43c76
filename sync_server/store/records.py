"""The merged reports: one row each, rebuilt from what `merge` says."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, insert, select, update

from sync_server.domain.merge import Content, Merged
from sync_server.store.engine import HERE, MANY, Tx
from sync_server.store.prepared import Prepared
from sync_server.store.schema import patrols, record_photos, records, suggestions

Record = Row[Any]
_STANDING = Prepared(
    select(
        records.c.id,
        records.c.author,
        records.c.state,
        records.c.revision,
        records.c.digest,
        records.c.rivals,
        records.c.withdrawn_at,
    ).where(records.c.bureau == HERE, records.c.id.in_(MANY))
)
_ADD, _HANG = Prepared(insert(records)), Prepared(insert(record_photos))


def one(tx: Tx, record: str) -> Record | None:
    """A record by its report's id."""
    return tx.run(select(records).where(_this(tx, record))).one_or_none()


def standing(tx: Tx, ids: Collection[str]) -> Mapping[str, dict[str, Any]]:
    """What a new arrival is joined to: of these records who made them, state and content."""
    return {row.id: row._asdict() for row in tx.many(_STANDING, ids)}


def merged(row: Mapping[str, Any] | None, withdrawn_at: datetime | None) -> Merged:
    """What `merge` joins a new arrival to."""
    if row is None:
        return Merged(withdrawn_at=withdrawn_at)
    content = Content(row["revision"], row["digest"])
    return Merged(content, frozenset(row["rivals"]), row["withdrawn_at"] or withdrawn_at)


def add(tx: Tx, rows: Iterable[Mapping[str, Any]]) -> None:
    """Records' first rows."""
    tx.put(_ADD, [{"bureau": tx.bureau, **row} for row in rows])


def alter(tx: Tx, record: str, changes: Mapping[str, Any]) -> None:
    """Some columns of a record anew."""
    tx.run(update(records).where(_this(tx, record)).values(dict(changes)))


def hang(tx: Tx, pictures: Mapping[str, Iterable[str]], anew: Collection[str]) -> None:
    """The photos of the shown revision of each record, in the worker's order; those that hung on
    the records `anew` before are taken down."""
    if anew:
        down = and_(record_photos.c.bureau == tx.bureau, record_photos.c.id.in_(anew))
        tx.run(delete(record_photos).where(down))
    rows = [
        {"bureau": tx.bureau, "id": record, "sha256": sha256, "n": n}
        for record, hung in pictures.items()
        for n, sha256 in enumerate(hung)
    ]
    tx.put(_HANG, rows)


def keep_patrol(tx: Tx, patrol: str, row: Mapping[str, Any]) -> None:
    """A patrol's highest revision; of two under one number the greater digest, as with reports."""
    here = and_(patrols.c.bureau == tx.bureau, patrols.c.id == patrol)
    held = tx.run(select(patrols.c.revision, patrols.c.digest).where(here)).one_or_none()
    if held is None:
        tx.run(insert(patrols).values(bureau=tx.bureau, id=patrol, **row))
    elif (row["revision"], row["digest"]) > (held.revision, held.digest):
        tx.run(update(patrols).where(here).values(dict(row)))


def keep_suggestion(tx: Tx, suggestion: str, row: Mapping[str, Any]) -> None:
    """A suggestion, once."""
    here = and_(suggestions.c.bureau == tx.bureau, suggestions.c.id == suggestion)
    if tx.run(select(suggestions.c.id).where(here)).first() is None:
        tx.run(insert(suggestions).values(bureau=tx.bureau, id=suggestion, **row))


def _this(tx: Tx, record: str) -> Any:
    return and_(records.c.bureau == tx.bureau, records.c.id == record)
