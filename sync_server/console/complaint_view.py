"""A complaint as the list and its own page show it: what it says, until when, and where it
stands."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contract.zone import ZONE
from sync_server.casework.same_place import SamePlace
from sync_server.console.state_badges import Badge, StateLook, state_badge
from sync_server.console.task_cards import TaskCard, cards_of
from sync_server.console.times import ShownTime, shown_time
from sync_server.console.words import Wording
from sync_server.domain.complaints import (
    ComplaintDue,
    ComplaintState,
    complaint_due,
    complaint_state,
)
from sync_server.domain.task_state import TaskState, task_state
from sync_server.domain.work_calendar import WorkCalendar
from sync_server.store import records, tasks
from sync_server.store.engine import DatabaseRow, Tx

LOOKS = {
    ComplaintState.NEW: StateLook("dot", "info"),
    ComplaintState.WITH_GRID: StateLook("hand", "info"),
    ComplaintState.SEEN: StateLook("half", "warn"),
    ComplaintState.IN_CASE: StateLook("join", "info"),
    ComplaintState.READY: StateLook("up", "warn"),
    ComplaintState.RETURNED: StateLook("check", "ok"),
}


@dataclass(frozen=True, slots=True)
class Office:
    """What each complaint is looked at with."""

    calendar: WorkCalendar
    days: int
    now: datetime
    wording: Wording

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()


@dataclass(frozen=True, slots=True)
class LeadLine:
    """An open lead that may be about the same place."""

    url: str
    number: str
    place: str
    badge: Badge
    received: ShownTime
    at_door: bool


@dataclass(frozen=True, slots=True)
class SimilarView:
    leads: Sequence[LeadLine]
    complaints: Sequence["ComplaintCard"]
    is_known: bool  # the address names a compound of the bureau's list


@dataclass(frozen=True, slots=True)
class ComplaintCard:
    """`due` is said in words; `late` if that day is over and no answer has gone back."""

    number: str
    url: str
    channel: str
    reference: str
    came: str
    address: str
    text: str
    badge: Badge
    due: str
    late: bool


def complaint_card(row: DatabaseRow, states: Sequence[TaskState], office: Office) -> ComplaintCard:
    """`states` are those of the tasks that were made for it."""
    say = office.wording.say
    state = complaint_state(
        states,
        record=row.record is not None,
        answered=bool(row.answer),
        returned=row.returned_at is not None,
    )
    look = LOOKS[state]
    due = complaint_due(row.came, office.days, office.calendar)
    return ComplaintCard(
        number=row.complaint,
        url=f"/complaints/{row.complaint}",
        channel=say(f"channel.{row.channel}"),
        reference=row.reference,
        came=row.came.isoformat(),
        address=row.address,
        text=row.text,
        badge=Badge(look.icon, look.colour, say(f"complaint.state.{state}")),
        due=due_words(due, office),
        late=state is not ComplaintState.RETURNED and due.day < office.today,
    )


def due_words(due: ComplaintDue, office: Office) -> str:
    """The deadline that explains itself."""
    code = "complaint.due_about" if due.is_about else "complaint.due"
    return office.wording.say(code, day=due.day.isoformat(), n=due.days)


def tasks_of(
    tx: Tx, complaint: str, office: Office
) -> tuple[Sequence[TaskState], Sequence[TaskCard]]:
    """The tasks that were made for a complaint, with their states."""
    made = tasks.made_for_complaints(tx, [complaint])
    cards = cards_of(tx, made, office.now, office.wording)
    return [state for state, _ in cards], [card for _, card in cards]


def complaint_cards(tx: Tx, rows: Sequence[DatabaseRow], office: Office) -> Sequence[ComplaintCard]:
    """These complaints, with few statements however many they are."""
    made = tasks.made_for_complaints(tx, [row.complaint for row in rows])
    results = tasks.results_of(tx, [task.task for task in made])
    states: dict[str, list[TaskState]] = defaultdict(list)
    for task in made:
        gone = task.withdrawn_at is not None
        found = task_state(results.get(task.task, ()), task.due, office.today, withdrawn=gone)
        states[task.complaint].append(found)
    return [complaint_card(row, states[row.complaint], office) for row in rows]


def similar_view(tx: Tx, found: SamePlace, office: Office, besides: str = "") -> SimilarView:
    """`besides`: the number of the complaint that is looked at itself."""
    leads = [_lead(row, row.id in found.at_door, office) for row in found.leads]
    others = [row for row in found.complaints if row.complaint != besides]
    return SimilarView(leads, complaint_cards(tx, others, office), found.compound is not None)


def drafted_answer(tx: Tx, row: DatabaseRow, office: Office) -> str:
    """What an answer may begin with, from what was done: read it before it goes back."""
    say = office.wording.say
    made = tasks.made_for_complaints(tx, [row.complaint])
    results = tasks.results_of(tx, [one.task for one in made])
    done = [r for one in results.values() for r in one if not r.void and r.reason is None]
    if done:
        last = max(done, key=lambda one: one.at)
        day = last.at.astimezone(ZONE).date().isoformat()
        code = "clear" if last.kind == "CLEAR" else "seen"
        gaps = {"place": row.address, "day": day, "number": last.number}
        return say(f"complaint.draft.{code}", **gaps)
    lead = records.one(tx, row.record) if row.record else None
    if lead is None:
        return ""
    state = state_badge(lead.state, office.wording.language).word
    return say("complaint.draft.lead", place=row.address, number=lead.number, state=state)


def _lead(row: DatabaseRow, at_door: bool, office: Office) -> LeadLine:
    return LeadLine(
        url=f"/records/{row.id}",
        number=row.number,
        place=row.place or office.wording.say("list.no_place"),
        badge=state_badge(row.state, office.wording.language),
        received=shown_time(row.received_at, office.now, office.wording.say),
        at_door=at_door,
    )
