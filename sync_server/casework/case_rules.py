"""What a case's rules are given besides its steps: the bureau's settings and its calendar."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from contract.cases import CaseState
from contract.zone import ZONE
from sync_server import problems
from sync_server.casework.other_grid import waits_for_other_grid
from sync_server.casework.supervisor_first import goes_to_supervisor
from sync_server.domain.case_events import CaseEvent, Standing, effective, standing
from sync_server.domain.clocks import (
    CLOCK_OF,
    STOPS_IN,
    Deadline,
    Levels,
    after_working_days,
    arrived,
    due,
    latest_start,
    local_day,
)
from sync_server.domain.work_calendar import WorkCalendar
from sync_server.settings import Settings
from sync_server.store import calendar as calendars
from sync_server.store import case_events
from sync_server.store.engine import DatabaseRow, Store, Tx

RECOMPUTE_S = 600
OPEN = frozenset({*CLOCK_OF, *STOPS_IN})  # the states in which something has to be done


@dataclass(frozen=True, slots=True)
class CaseSettings:
    """How long an answer waits before a phone may hear it, and the working days of each clock."""

    hold: timedelta = timedelta(0)
    levels: Levels = field(default_factory=Levels)

    @classmethod
    def of(cls, settings: Settings) -> "CaseSettings":
        """As the server's environment says."""
        return cls(timedelta(seconds=settings.hold_s), settings.levels)


AT_ONCE = CaseSettings()  # every answer is told with the next call


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case as it stands, with its steps and its calendar."""

    standing: Standing
    events: Sequence[CaseEvent]
    calendar: WorkCalendar
    deadline: Deadline | None


@dataclass(frozen=True, slots=True)
class WorkDay:
    """The moment at which a page is drawn or a step is made, and by which days it is counted."""

    now: datetime
    calendar: WorkCalendar
    levels: Levels

    def accept_bounds(self) -> tuple[datetime, datetime]:
        """What came before the first of these moments should have been accepted by yesterday, what
        came before the second by today: of reports that nobody has decided anything about."""
        today = local_day(self.now)
        days = (today, today + timedelta(days=1))
        late, due_now = (latest_start(day, self.levels.accept, self.calendar) for day in days)
        return _end_of(late), _end_of(due_now)


def work_day(tx: Tx, now: datetime, levels: Levels) -> WorkDay:
    """This moment by the bureau's calendar."""
    return WorkDay(now, calendars.work_calendar(tx), levels)


def deadlines(tx: Tx, begun: Mapping[str, datetime], day: WorkDay) -> dict[str, Deadline]:
    """The deadlines of several records by id, each with the moment at which it first came."""
    steps = case_events.events_of_each(tx, begun)
    found = {
        id: due([arrived(first), *steps.get(id, ())], day.calendar, day.levels)
        for id, first in begun.items()
    }
    return {id: one for id, one in found.items() if one}


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), ZONE)


def opened(tx: Tx, row: DatabaseRow, now: datetime, levels: Levels) -> OpenedCase:
    """The case of this record."""
    events = case_events.events(case_events.of_record(tx, row.id))
    calendar = calendars.work_calendar(tx)
    begun = [arrived(row.first_at or row.received_at), *events]
    found = replace(
        standing(row.state, events),
        supervisor_first=goes_to_supervisor(tx, row),
        other_grid_first=waits_for_other_grid(tx, row),
    )
    if row.state == CaseState.RETURNED and effective(events):
        asked = local_day(effective(events)[-1].at)
        last = after_working_days(asked, levels.answer, calendar)
        found = replace(found, unanswered=local_day(now) > last)
    return OpenedCase(found, events, calendar, due(begun, calendar, levels))


def note_due(tx: Tx, record: str, levels: Levels) -> None:
    """Notes the day of the deadline of a record whose steps have changed."""
    calendars.set_due(tx, _due_days(tx, [record], levels).items())


def note_answered_due(store: Store, levels: Levels) -> None:
    """The same for cases whose question a worker has answered: a phone's call computes nothing."""
    with store.reading() as tx:
        ids = calendars.answered_without_due(tx)
    if ids:
        with store.writing() as tx:
            calendars.set_due(tx, _due_days(tx, ids, levels).items())


async def recompute_forever(store: Store, levels: Levels) -> None:
    """Notes the deadlines of all open cases now and then, until cancelled: another program may have
    imported holidays, and before the last start the levels may have been others."""
    while True:
        with suppress(problems.Problem):  # the database is busy or full: try again next time
            await asyncio.to_thread(recompute_due, store, levels)
        await asyncio.sleep(RECOMPUTE_S)


def recompute_due(store: Store, levels: Levels) -> None:
    """Notes the deadlines of all open cases; writes nothing if none is another."""
    with store.reading() as tx:
        noted = calendars.noted(tx, OPEN)
        days = _due_days(tx, list(noted), levels)
    if changed := {id: day for id, day in days.items() if day != noted[id]}:
        with store.writing() as tx:
            calendars.set_due(tx, changed.items())


def _due_days(tx: Tx, ids: Sequence[str], levels: Levels) -> dict[str, date | None]:
    begun = calendars.beginnings(tx, ids)
    now = max(begun.values(), default=None)
    found = deadlines(tx, begun, work_day(tx, now, levels)) if now else {}
    return {id: found[id].day if id in found else None for id in begun}
