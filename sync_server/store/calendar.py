"""The days of holidays that the bureau has imported, and until when records have to be handled."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import and_, or_, select, update

from contract.cases import CaseState
from sync_server.domain.work_calendar import SpecialDay, WorkCalendar, published
from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import UnreadableRow, readable_rows
from sync_server.store.schema import case_events, holidays, records


def work_calendar(tx: Tx) -> WorkCalendar:
    """The published days with those of the bureau's own list; a row that cannot be read is left
    out."""
    wanted = select(holidays).where(holidays.c.bureau == tx.bureau)
    rows = readable_rows(tx, wanted, (holidays.c.holiday,))
    days = (_day(row) for row in rows if not isinstance(row, UnreadableRow))
    return published().with_days(day for day in days if day)


def _day(row: DatabaseRow) -> SpecialDay | None:
    try:
        return SpecialDay(date.fromisoformat(row.holiday), bool(row.works), row.title)
    except ValueError:
        return None


def beginnings(tx: Tx, ids: Collection[str]) -> Mapping[str, datetime]:
    """When each of these records first came, by id; one that cannot be read is left out."""
    wanted = select(records.c.id, records.c.first_at, records.c.received_at)
    here = and_(records.c.bureau == tx.bureau, records.c.id.in_(ids))
    rows = readable_rows(tx, wanted.where(here), (records.c.id,)) if ids else ()
    good = (row for row in rows if not isinstance(row, UnreadableRow))
    return {row.id: row.first_at or row.received_at for row in good}


def noted(tx: Tx, states: Collection[str]) -> Mapping[str, date | None]:
    """The noted deadlines of the records in these states that somebody has decided something
    about, by id."""
    moved = or_(records.c.state != CaseState.REPORTED, records.c.due_on.is_not(None))
    here = and_(records.c.bureau == tx.bureau, records.c.state.in_(states), moved)
    rows = tx.run(select(records.c.id, records.c.due_on).where(here)).all()
    return {row.id: row.due_on for row in rows}


def answered_without_due(tx: Tx) -> list[str]:
    """The ids of the records whose question was answered, and which have no deadline noted."""
    answered = select(case_events.c.id).where(
        case_events.c.bureau == tx.bureau,
        case_events.c.before == CaseState.RETURNED,
        case_events.c.after == CaseState.REPORTED,
    )
    here = and_(records.c.bureau == tx.bureau, records.c.id.in_(answered))
    waits = and_(records.c.state == CaseState.REPORTED, records.c.due_on.is_(None))
    return list(tx.run(select(records.c.id).where(here, waits)).scalars())


def set_due(tx: Tx, days: Iterable[tuple[str, date | None]]) -> None:
    """Notes the day of the deadline of each of these records, for lists."""
    for id, day in days:
        here = and_(records.c.bureau == tx.bureau, records.c.id == id)
        tx.run(update(records).where(here).values(due_on=day))
