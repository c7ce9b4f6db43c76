"""Until when something has to be done about a case, in working days; computed from its steps each
time and never stored as truth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice

from contract.cases import CaseState
from contract.zone import ZONE
from sync_server.domain.case_events import CaseEvent, StepKind, effective
from sync_server.domain.work_calendar import WorkCalendar


class CaseClock(StrEnum):
    """What has to be done in time."""

    ACCEPT = "accept"
    VERIFY = "verify"
    HANDLE = "handle"
    FEEDBACK = "feedback"
    OBJECTION = "objection"


class Pause(StrEnum):
    """Why a clock stops."""

    QUESTION = "question"  # the worker was asked something
    DEPARTMENT = "department"  # another department has the case
    SUSPENSION = "suspension"  # 挂账


@dataclass(frozen=True, slots=True)
class Levels:
    """Working days for each clock, for one extension, for a worker's `answer` to a question and
    `doubt` about a result, and for the answer to a complaint from the day on which it came;
    `penalty` are calendar days after handling began (行政处罚法 art. 60), which are only shown."""

    accept: int = 1
    verify: int = 5
    handle: int = 15
    extension: int = 15
    feedback: int = 2
    objection: int = 15
    answer: int = 3
    doubt: int = 15
    complaint: int = 15
    penalty: int = 90


_S = CaseState
CLOCK_OF: Mapping[str, CaseClock] = {
    _S.REPORTED: CaseClock.ACCEPT,
    _S.ACCEPTED: CaseClock.VERIFY,
    _S.ASSIGNED: CaseClock.VERIFY,
    _S.VERIFYING: CaseClock.VERIFY,
    _S.HANDLING: CaseClock.HANDLE,
    _S.FEEDBACK: CaseClock.FEEDBACK,
    _S.OBJECTED: CaseClock.OBJECTION,
}
STOPS_IN: Mapping[str, Pause] = {
    _S.RETURNED: Pause.QUESTION,
    _S.HANDED_OVER: Pause.DEPARTMENT,
}


@dataclass(frozen=True, slots=True)
class Stop:
    """A clock stood still after the day `first` until `last` included; None: it still does."""

    why: Pause
    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether this day does not count because of it."""
        return self.first < day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Deadline:
    """`days` working days for `clock` from the day after `start`; `day` is the last of them, None
    while the clock stands still. `stopped`: for each reason how many working days did not count.
    `weekend`, `holidays`: which days between did not count either. `is_about`: the holidays of a
    year are not known yet, so that it may be another day."""

    clock: CaseClock
    start: date
    days: int
    day: date | None
    extension: int = 0
    stopped: tuple[tuple[Pause, int], ...] = ()
    stopped_by: Pause | None = None
    weekend: bool = False
    holidays: tuple[str, ...] = ()
    is_about: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    """A clock that runs, as far as the events were read."""

    clock: CaseClock
    start: date
    stops: tuple[Stop, ...] = ()
    extension: int = 0

    def stopping(self, why: Pause | None, day: date) -> "_Run":
        last = self.stops[-1] if self.stops else None
        is_open = last is not None and last.last is None
        if last and is_open and last.why is why:
            return self
        closed = (*self.stops[:-1], replace(last, last=day)) if last and is_open else self.stops
        return replace(self, stops=(*closed, Stop(why, day)) if why else closed)


def due(events: Iterable[CaseEvent], calendar: WorkCalendar, levels: Levels) -> Deadline | None:
    """The deadline of a case after these events, of which the first is its arrival; None if nothing
    has to be done in time. The day on which something happens does not count."""
    run: _Run | None = None
    suspended = False
    for event in effective(events):
        suspended = event.kind == StepKind.SUSPEND or (suspended and event.kind != StepKind.RESUME)
        run = _running(run, event, suspended)
        if run and event.kind == StepKind.EXTEND:
            run = replace(run, extension=levels.extension)
    return _deadline(run, calendar, levels) if run else None


def arrived(at: datetime) -> CaseEvent:
    """The event with which a case begins: its report came."""
    return CaseEvent(at, CaseState.REPORTED, CaseState.REPORTED)


def local_day(at: datetime) -> date:
    """The day of a moment at the bureau; at the end of the calendar, where local time would be
    outside, the day as it is written."""
    try:
        return at.astimezone(ZONE).date()
    except OverflowError:
        return at.date()


def after_working_days(start: date, days: int, calendar: WorkCalendar) -> date:
    """The last of so many working days after this one."""
    return list(islice(calendar.working_days_after(start), days))[-1]


def latest_start(before: date, days: int, calendar: WorkCalendar) -> date:
    """The last day after which so many working days are over before the day `before`."""
    start = before - timedelta(days=1)
    while after_working_days(start, days, calendar) >= before:
        start -= timedelta(days=1)
    return start


def penalty_day(events: Iterable[CaseEvent], levels: Levels) -> date | None:
    """Until when a penalty would have to be decided, if a case had been filed on the day handling
    began; None before. For display only: the product decides no penalty."""
    began = (e.at for e in effective(events) if e.after == CaseState.HANDLING)
    first = next(began, None)
    return local_day(first) + timedelta(days=levels.penalty) if first else None


def _running(run: _Run | None, event: CaseEvent, suspended: bool) -> _Run | None:
    day, why = local_day(event.at), STOPS_IN.get(event.after)
    clock = run.clock if why and run else CLOCK_OF.get(event.after)
    if clock is None:
        return None
    if run is None or run.clock is not clock:
        run = _Run(clock, day)
    return run.stopping(why or (Pause.SUSPENSION if suspended else None), day)


def _deadline(run: _Run, calendar: WorkCalendar, levels: Levels) -> Deadline:
    days: int = getattr(levels, run.clock.value)
    found = Deadline(run.clock, run.start, days, None, run.extension)
    open_stop = next((stop for stop in run.stops if stop.last is None), None)
    if open_stop:
        return replace(found, stopped_by=open_stop.why)
    left, counts = days + run.extension, dict.fromkeys(Pause, 0)
    for day in calendar.working_days_after(run.start):
        stop = next((stop for stop in run.stops if stop.holds(day)), None)
        if stop:
            counts[stop.why] += 1
        elif left == 1:
            stopped = tuple((why, n) for why, n in counts.items() if n)
            return _explained(replace(found, day=day, stopped=stopped), calendar)
        else:
            left -= 1
    return found


def _explained(found: Deadline, calendar: WorkCalendar) -> Deadline:
    """With the days between that did not count, and whether all of them are known."""
    last = found.day or found.start
    between = [found.start + timedelta(days=n) for n in range(1, (last - found.start).days + 1)]
    off = [day for day in between if not calendar.works(day)]
    names = tuple(dict.fromkeys(filter(None, map(calendar.holiday, off))))
    weekend = any(not calendar.holiday(day) for day in off)
    is_about = not all(calendar.knows(day) for day in between)
    return replace(found, weekend=weekend, holidays=names, is_about=is_about)
