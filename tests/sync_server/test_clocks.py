"""Deadlines in working days: never on a rest day, stopped while others have the case."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from contract.cases import CaseState
from contract.zone import ZONE
from sync_server.domain.case_events import CaseEvent, StepKind
from sync_server.domain.clocks import (
    CLOCK_OF,
    STOPS_IN,
    CaseClock,
    Deadline,
    Levels,
    Pause,
    after_working_days,
    arrived,
    due,
    local_day,
    penalty_day,
)
from sync_server.domain.work_calendar import SpecialDay, WorkCalendar, published
from sync_server.store.calendar import work_calendar
from tests.sync_server.bureau import Bureau
from tests.sync_server.test_importing import csv, taken

YEAR, LEVELS = published(), Levels()
FREE = WorkCalendar.of(())  # of which nothing is known: only weekends are off
MONDAY = date(2026, 6, 8)


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).astimezone(UTC)


def moved(day: date, before: str, after: str, kind: StepKind = StepKind.MOVE) -> CaseEvent:
    return CaseEvent(at(day), before, after, kind)


def deadline(events: Sequence[CaseEvent], calendar: WorkCalendar = YEAR) -> Deadline:
    found = due(events, calendar, LEVELS)
    assert found
    return found


def last_day(*events: CaseEvent, calendar: WorkCalendar = YEAR) -> str:
    return str(deadline(events, calendar).day)[5:]


# 国务院办公厅关于2026年部分节假日安排的通知: a report came on the day (first column); what then has
# to be done within one working day, and within five, has to be done by (second, third).
HOLIDAYS = """
02-11 02-12 02-25 | 02-12 02-13 02-26 | 02-13 02-14 02-27 | 02-14 02-24 02-28 | 02-15 02-24 02-28
02-20 02-24 02-28 | 02-23 02-24 02-28 | 02-24 02-25 03-02 | 02-27 02-28 03-05 | 02-28 03-02 03-06
09-18 09-20 09-24 | 09-19 09-20 09-24 | 09-20 09-21 09-28 | 09-24 09-28 10-09 | 09-25 09-28 10-09
09-29 09-30 10-12 | 09-30 10-08 10-13 | 10-01 10-08 10-13 | 10-07 10-08 10-13 | 10-08 10-09 10-14
10-09 10-10 10-15 | 10-10 10-12 10-16 | 04-03 04-07 04-13 | 04-30 05-06 05-11 | 06-18 06-22 06-26
01-01 01-04 01-08 | 01-02 01-04 01-08 | 12-30 12-31 01-06
"""


def test_spring_festival_and_national_day_are_those_of_the_published_arrangement() -> None:
    wrong = []
    for line in HOLIDAYS.replace("\n", "|").split("|"):
        for came, one, five in [line.split()] if line.split() else []:
            day = date.fromisoformat(f"2026-{came}")
            accepted = [arrived(at(day)), moved(day, "10", "20")]
            found = (last_day(arrived(at(day))), last_day(*accepted))
            if found != (one, five):
                wrong.append((came, found))
    assert not wrong
    assert not YEAR.works(date(2026, 2, 16)) and YEAR.works(date(2026, 2, 14))


def test_each_phase_has_its_clock_and_begins_it_anew() -> None:
    steps = [arrived(at(MONDAY))]
    wrong = []
    way = ["10", "20", "30", "40", "50", "60"]
    days = {"10": 1, "20": 5, "30": 5, "40": 5, "50": 15, "60": 2}
    for n, (before, after) in enumerate(pairwise(way), 1):
        day = MONDAY + timedelta(days=n)
        steps.append(moved(day, before, after))
        start = MONDAY + timedelta(days=1) if after in ("20", "30", "40") else day
        found = deadline(steps)
        if (found.start, found.days) != (start, days[after]):
            wrong.append((after, found))
    assert not wrong
    closed = [*steps, moved(MONDAY + timedelta(days=6), "60", "70")]
    assert due(closed, YEAR, LEVELS) is None
    again = [*closed, moved(MONDAY + timedelta(days=7), "70", "90")]
    assert (deadline(again).clock, deadline(again).days) == (CaseClock.OBJECTION, 15)


def test_every_state_has_a_clock_or_a_stop_or_is_over() -> None:
    running = {"10", "20", "30", "40", "50", "60", "90"}
    assert set(CLOCK_OF) == running and set(STOPS_IN) == {"15", "55"}
    over = set(CaseState) - running - set(STOPS_IN)
    assert over == {"25", "29", "70", "71", "72", "73", "80", "99"}


def test_a_clock_stops_while_others_have_the_case_and_says_for_how_long() -> None:
    asked = [arrived(at(MONDAY)), moved(MONDAY, "10", "15")]
    assert (deadline(asked).day, deadline(asked).stopped_by) == (None, Pause.QUESTION)
    answered = deadline([*asked, moved(date(2026, 6, 11), "15", "10")])
    assert (answered.day, answered.stopped) == (date(2026, 6, 12), ((Pause.QUESTION, 3),))
    handling = [arrived(at(MONDAY)), moved(MONDAY, "10", "20"), moved(MONDAY, "20", "50")]
    whole = deadline(handling).day
    over = [*handling, moved(date(2026, 6, 9), "50", "55"), moved(date(2026, 6, 16), "55", "50")]
    found = deadline(over)
    assert found.stopped == ((Pause.DEPARTMENT, 5),)
    assert whole and found.day == after_working_days(whole, 5, YEAR)
    assert found.clock is CaseClock.HANDLE and found.holidays == ("端午节",) and found.weekend


def test_a_suspended_case_waits_and_an_extension_counts_once() -> None:
    handling = [arrived(at(MONDAY)), moved(MONDAY, "10", "50")]
    held = [*handling, moved(date(2026, 6, 9), "50", "50", StepKind.SUSPEND)]
    assert deadline(held).stopped_by is Pause.SUSPENSION
    resumed = [*held, moved(date(2026, 6, 11), "50", "50", StepKind.RESUME)]
    assert deadline(resumed).stopped == ((Pause.SUSPENSION, 2),)
    extended = [*resumed, moved(date(2026, 6, 12), "50", "50", StepKind.EXTEND)]
    found = deadline(extended)
    assert (found.days, found.extension) == (15, 15)
    assert found.day == after_working_days(MONDAY, 32, YEAR)
    undone = [*extended, moved(date(2026, 6, 12), "50", "50", StepKind.UNDO)]
    assert deadline(undone) == deadline(resumed)


def test_an_undone_step_leaves_the_clock_as_it_was() -> None:
    before = [arrived(at(MONDAY))]
    accepted = moved(date(2026, 6, 9), "10", "20")
    undone = [*before, accepted, moved(date(2026, 6, 9), "20", "10", StepKind.UNDO)]
    assert deadline(undone) == deadline(before)


def test_a_year_that_is_not_known_makes_a_date_about() -> None:
    december = date(2026, 12, 30)
    accepted = [arrived(at(december)), moved(december, "10", "20")]
    assert deadline(accepted).is_about and not deadline(accepted[:1]).is_about
    known = YEAR.with_days([SpecialDay(date(2027, 1, 1), False, "元旦")])
    assert not deadline(accepted, known).is_about
    assert last_day(*accepted, calendar=known) == "01-07"
    missed = [YEAR.misses_next_year(date(2026, *one)) for one in ((11, 30), (12, 1))]
    assert missed == [False, True] and YEAR.misses_next_year(date(2027, 1, 4))
    assert not known.misses_next_year(date(2026, 12, 1))


def test_an_imported_list_stands_for_the_whole_of_its_years() -> None:
    other = YEAR.with_days([SpecialDay(date(2026, 10, 1), False, "国庆节")])
    assert other.works(date(2026, 10, 2)) and not other.works(date(2026, 10, 1))


def test_the_day_of_an_event_is_the_bureaus() -> None:
    late = datetime(2026, 6, 8, 16, 30, tzinfo=UTC)  # half past midnight of Tuesday in China
    assert local_day(late) == date(2026, 6, 9)
    assert last_day(arrived(late)) == "06-10"


def test_the_legal_clock_is_of_calendar_days_from_the_first_handling() -> None:
    steps = [arrived(at(MONDAY)), moved(MONDAY, "10", "20")]
    assert penalty_day(steps, LEVELS) is None
    steps += [moved(MONDAY, "40", "50"), moved(date(2026, 7, 1), "40", "50")]
    assert penalty_day(steps, LEVELS) == date(2026, 9, 6)


days = st.dates(date(2026, 1, 1), date(2026, 10, 31))
calendars = st.sampled_from([YEAR, FREE]) | st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)))


def a_calendar(drawn: WorkCalendar | set[date]) -> WorkCalendar:
    if isinstance(drawn, WorkCalendar):
        return drawn
    return WorkCalendar.of(SpecialDay(day, day.weekday() > 4, "某节") for day in drawn)


@given(start=days, drawn=calendars, gap=st.integers(0, 40), state=st.sampled_from(["20", "50"]))
def test_no_deadline_falls_on_a_rest_day(
    start: date, drawn: WorkCalendar | set[date], gap: int, state: str
) -> None:
    calendar = a_calendar(drawn)
    later = moved(start + timedelta(days=gap), "10", state)
    for events in ([arrived(at(start))], [arrived(at(start)), later]):
        found = deadline(events, calendar)
        assert found.day and calendar.works(found.day) and found.day > found.start


@given(start=days, drawn=calendars, wait=st.integers(0, 14), k=st.integers(0, 30))
def test_stopping_for_k_working_days_moves_a_deadline_by_k(
    start: date, drawn: WorkCalendar | set[date], wait: int, k: int
) -> None:
    """Whichever day it stops on before its end, for whichever reason."""
    calendar = a_calendar(drawn)
    begun = [arrived(at(start)), moved(start, "10", "50")]
    whole = deadline(begun, calendar).day
    stop = after_working_days(start, wait, calendar) if wait else start
    assert whole
    if stop >= whole:
        return
    resume = after_working_days(stop, k, calendar) if k else stop
    suspended = [
        *begun,
        moved(stop, "50", "50", StepKind.SUSPEND),
        moved(resume, "50", "50", StepKind.RESUME),
    ]
    elsewhere = [*begun, moved(stop, "50", "55"), moved(resume, "55", "50")]
    wanted = after_working_days(whole, k, calendar) if k else whole
    assert deadline(suspended, calendar).day == deadline(elsewhere, calendar).day == wanted


def test_an_imported_list_of_holidays_is_what_deadlines_go_by(
    bureau: Bureau, tmp_path: Path
) -> None:
    rows = [["2027-01-01", "否", "元旦"], ["2027-01-03", "是", "元旦"]]
    file = csv(tmp_path, ["日期", "上班", "节日"], *rows)
    assert not taken(bureau, "holidays", file).bad
    with bureau.store.reading() as tx:
        calendar = work_calendar(tx)
    found = [calendar.works(date(2027, 1, day)) for day in (1, 2, 3, 4)]
    assert found == [False, False, True, True]
    assert calendar.knows(date(2026, 1, 1)) and not calendar.misses_next_year(date(2026, 12, 1))
    lost = csv(tmp_path, ["日期", "上班", "节日"], ["2027-02-17", "", "春节"])
    assert [bad.code for bad in taken(bureau, "holidays", lost).bad] == ["empty"]
