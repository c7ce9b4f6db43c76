"""Complaints (投诉接收) of the notice 乌教体发〔2024〕100号, 三(十): by which way one came, what is
written down of it, and where it stands."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sync_server.domain.clocks import after_working_days
from sync_server.domain.screened_text import TextFlaw, text_flaw
from sync_server.domain.task_state import TaskState
from sync_server.domain.work_calendar import WorkCalendar

MOST_TEXT, MOST_ADDRESS, MOST_ANSWER = 500, 100, 500  # characters
REFERENCE = re.compile("[A-Za-z0-9-]{0,40}")
MOBILE = re.compile("1[3-9][0-9]{9}")


class Channel(StrEnum):
    """The way by which a complaint came, and by which its answer goes back."""

    HOTLINE = "HOTLINE"  # 12345
    PHONE = "PHONE"
    LETTER = "LETTER"
    WALK_IN = "WALK_IN"


class ComplaintState(StrEnum):
    """The words for people are in the console's words.json."""

    NEW = "new"
    WITH_GRID = "with_grid"  # a task for a grid is under way
    SEEN = "seen"  # a grid has answered: somebody writes the answer
    IN_CASE = "in_case"  # put to a lead
    READY = "ready"  # the answer is written and has to go back
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class NewComplaint:
    """What was written down. `reference`: the number that the complaint has on its channel. Never
    who complained."""

    channel: str
    reference: str
    came: date | None
    address: str
    text: str


def complaint_flaws(new: NewComplaint, today: date) -> Iterator[tuple[str, TextFlaw]]:
    """Each field that cannot be taken, with what is wrong with it."""
    if new.channel not in set(Channel):
        yield "channel", TextFlaw("channel_needed")
    if not REFERENCE.fullmatch(new.reference) or MOBILE.fullmatch(new.reference):
        yield "reference", TextFlaw("reference_not_possible")
    if new.came is None or not date(2020, 1, 1) <= new.came <= today:
        yield "came", TextFlaw("day_not_possible")
    for name, text, most in (
        ("address", new.address, MOST_ADDRESS),
        ("text", new.text, MOST_TEXT),
    ):
        flaw = text_flaw(text, most, needed=f"{name}_needed", without_rooms=True)
        if flaw:
            yield name, flaw


@dataclass(frozen=True, slots=True)
class ComplaintDue:
    """The last of the `days` working days for an answer. `is_about`: the holidays of a year are not
    known yet."""

    day: date
    days: int
    is_about: bool


def complaint_due(came: date, days: int, calendar: WorkCalendar) -> ComplaintDue:
    """Until when a complaint that came on this day has to be answered; that day does not count."""
    last = after_working_days(came, days, calendar)
    return ComplaintDue(last, days, not (calendar.knows(came) and calendar.knows(last)))


def complaint_state(
    tasks: Iterable[TaskState], *, record: bool, answered: bool, returned: bool
) -> ComplaintState:
    """Where a complaint stands, from what was done about it. Tasks that were taken back do not
    count, and one that was handed back is one that a grid has answered."""
    if returned:
        return ComplaintState.RETURNED
    if answered:
        return ComplaintState.READY
    standing = {state for state in tasks if state is not TaskState.WITHDRAWN}
    if standing & {TaskState.OPEN, TaskState.OVERDUE}:
        return ComplaintState.WITH_GRID
    if standing:
        return ComplaintState.SEEN
    return ComplaintState.IN_CASE if record else ComplaintState.NEW
