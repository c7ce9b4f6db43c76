"""Complaints, and the open leads and complaints that may be about the same place."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, insert, or_, select, tuple_, update

from contract.cases import CLOSED
from sync_server.domain.retention import PurgeBounds
from sync_server.store.counters import next_of_year
from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.inbox import LISTED, NO_DECISION
from sync_server.store.readable import ReadRow, readable_rows
from sync_server.store.schema import complaints, compounds, records

COUNTER = "complaint"


def add(tx: Tx, row: Mapping[str, Any]) -> str:
    """A new complaint, whose number is returned."""
    number = f"C{next_of_year(tx, COUNTER, row['taken_at'])}"
    tx.run(insert(complaints).values(bureau=tx.bureau, complaint=number, version=1, **row))
    return number


def one(tx: Tx, complaint: str) -> DatabaseRow | None:
    """The complaint with this number, or None."""
    return tx.run(select(complaints).where(_this(tx, complaint))).one_or_none()


def alter(tx: Tx, complaint: str, seen_version: int, changes: Mapping[str, Any]) -> bool:
    """Changes a complaint that is still at the version that somebody looked at; False if it is
    not."""
    same = and_(_this(tx, complaint), complaints.c.version == seen_version)
    changed = {"version": complaints.c.version + 1, **changes}
    return bool(tx.run(update(complaints).where(same).values(changed)).rowcount)


def open_ones(tx: Tx, after: tuple[date, str] | None, size: int) -> Sequence[ReadRow]:
    """`size` of those that have to be answered, what came first on top: after this day and number,
    else the first; `complaint` of one that cannot be read."""
    key = (complaints.c.came, complaints.c.complaint)
    wanted = _listed(tx, complaints.c.returned_at.is_(None)).order_by(*key)
    if after:
        wanted = wanted.where(tuple_(*key) > after)
    return readable_rows(tx, wanted.limit(size), (complaints.c.complaint,))


def returned_ones(tx: Tx, before: tuple[date, str] | None, size: int) -> Sequence[ReadRow]:
    """The same of those whose answer has gone back, what came last on top."""
    key = (complaints.c.came, complaints.c.complaint)
    wanted = _listed(tx, complaints.c.returned_at.is_not(None))
    wanted = wanted.order_by(*(column.desc() for column in key))
    if before:
        wanted = wanted.where(tuple_(*key) < before)
    return readable_rows(tx, wanted.limit(size), (complaints.c.complaint,))


def _listed(tx: Tx, which: ColumnElement[bool]) -> Select[Any]:
    return select(complaints).where(complaints.c.bureau == tx.bureau, which)


def over(tx: Tx, bounds: PurgeBounds, most: int) -> Sequence[str]:
    """The numbers of complaints whose time is over, the oldest first."""
    is_over = or_(
        complaints.c.returned_at <= bounds.returned_before,
        complaints.c.taken_at <= bounds.taken_before,
    )
    wanted = select(complaints.c.complaint).where(complaints.c.bureau == tx.bureau, is_over)
    return tx.run(wanted.order_by(complaints.c.taken_at).limit(most)).scalars().all()


def purge(tx: Tx, numbers: Collection[str]) -> None:
    """Deletes these complaints."""
    here = (complaints.c.bureau == tx.bureau, complaints.c.complaint.in_(numbers))
    tx.run(delete(complaints).where(*here))


def same_place(tx: Tx, key: str, most: int) -> Sequence[DatabaseRow]:
    """Open complaints whose place begins with this key, the newest first."""
    here = and_(complaints.c.bureau == tx.bureau, complaints.c.returned_at.is_(None))
    near = complaints.c.place_key.startswith(key, autoescape=True)
    wanted = select(complaints).where(here, near).order_by(complaints.c.taken_at.desc())
    return tx.run(wanted.limit(most)).all()


def leads_by_key(tx: Tx, key: str, most: int) -> Sequence[DatabaseRow]:
    """Open leads whose place key begins with this one, the newest first, with the columns
    LISTED."""
    return _open_leads(tx, records.c.place_key.startswith(key, autoescape=True), most)


def leads_by_words(tx: Tx, words: Sequence[str], most: int) -> Sequence[DatabaseRow]:
    """Open leads in whose place all these words stand, each folded by contract.search_text."""
    each = (records.c.place_folded.contains(word, autoescape=True) for word in words)
    return _open_leads(tx, and_(*each), most)


def known_compounds(tx: Tx) -> Sequence[DatabaseRow]:
    """`compound`, `name`, `aliases`, `buildings` and `grid` of each compound of the bureau."""
    table = compounds.c
    wanted = select(table.compound, table.name, table.aliases, table.buildings, table.grid)
    return tx.run(wanted.where(table.bureau == tx.bureau).order_by(table.name)).all()


def _open_leads(tx: Tx, where: ColumnElement[bool], most: int) -> Sequence[DatabaseRow]:
    here = and_(records.c.bureau == tx.bureau, records.c.state.not_in(CLOSED))
    live = and_(records.c.withdrawn_at.is_(None), records.c.kind.not_in(NO_DECISION))
    wanted = select(*LISTED, records.c.received_at).where(here, live, where)
    return tx.run(wanted.order_by(records.c.seq.desc()).limit(most)).all()


def _this(tx: Tx, complaint: str) -> ColumnElement[bool]:
    return and_(complaints.c.bureau == tx.bureau, complaints.c.complaint == complaint)
