"""Records that follow another one: one case for a place that several reports are of."""

from collections.abc import Collection
from itertools import takewhile
from typing import Any

from sqlalchemy import Select, and_, select, update

from sync_server.domain.case_events import StepKind, standing
from sync_server.store import case_events as cases
from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import UnreadableRow, readable_rows
from sync_server.store.schema import case_events, records

CLAIM = "cases"  # whoever moves several records claims it first, so that no two wait for each other


def of(tx: Tx, number: str) -> list[DatabaseRow]:
    """The records that follow the one with this number, and those that follow these, by author."""
    found: dict[str, DatabaseRow] = {}
    asked = {number}
    while asked:
        new = {row.id: row for row in _direct(tx, asked) if row.id not in found}
        found |= new
        asked = {row.number for row in new.values()}
    return sorted(found.values(), key=lambda row: (row.author, row.seq))


def among(tx: Tx, ids: Collection[str]) -> list[DatabaseRow]:
    """Those of these records that follow another one."""
    here = and_(records.c.bureau == tx.bureau, records.c.id.in_(ids))
    wanted = select(records).where(here, records.c.follows.is_not(None))
    return _readable(tx, wanted)


def note(tx: Tx, record: str) -> str:
    """Notes whom this record follows by its steps, which is what counts; "" for none."""
    now = standing("", cases.events(cases.of_record(tx, record)))
    here = and_(records.c.bureau == tx.bureau, records.c.id == record)
    tx.run(update(records).where(here).values(follows=now.follows or None))
    return now.follows


def steps_with(tx: Tx, seq: int, number: str) -> list[DatabaseRow]:
    """The steps that followers of this record made with its step `seq`: right after it."""
    later = and_(case_events.c.bureau == tx.bureau, case_events.c.seq > seq)
    rows = tx.run(select(case_events).where(later).order_by(case_events.c.seq)).all()
    return list(takewhile(lambda row: (row.kind, row.same_as) == (StepKind.FOLLOW, number), rows))


def _direct(tx: Tx, numbers: Collection[str]) -> list[DatabaseRow]:
    here = and_(records.c.bureau == tx.bureau, records.c.follows.in_(numbers))
    return _readable(tx, select(records).where(here))


def _readable(tx: Tx, wanted: Select[Any]) -> list[DatabaseRow]:
    """One that cannot be read stays where it is, and is in the log: it holds up no other one."""
    rows = readable_rows(tx, wanted, (records.c.id,))
    return [row for row in rows if not isinstance(row, UnreadableRow)]
