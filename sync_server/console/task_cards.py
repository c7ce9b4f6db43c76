"""Tasks as cards: what was asked of which grid, until when, and what came of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contract.codelists import built_in
from contract.zone import ZONE
from sync_server.console.state_badges import Badge, StateLook
from sync_server.console.times import ShownTime, shown_time
from sync_server.console.words import Say, Wording
from sync_server.domain.task_state import TaskResult, TaskState, task_state
from sync_server.store import complaints, fieldwork, tasks
from sync_server.store.engine import DatabaseRow, Tx

LOOKS = {
    TaskState.RETURNED: StateLook("undo", "warn"),
    TaskState.OVERDUE: StateLook("bang", "danger"),
    TaskState.OPEN: StateLook("dot", "info"),
    TaskState.DONE: StateLook("check", "ok"),
    TaskState.WITHDRAWN: StateLook("cross", "muted"),
}  # in the order of the page: what somebody has to decide on top
WAITING = (TaskState.OPEN, TaskState.OVERDUE, TaskState.RETURNED)


@dataclass(frozen=True, slots=True)
class ResultLine:
    """`url` leads to the report; "" for one that was handed back."""

    words: str
    time: ShownTime
    url: str = ""


@dataclass(frozen=True, slots=True)
class TaskCard:
    """`made` is None for a task of an imported list, which is changed by another import."""

    task: str
    title: str
    note: str
    where: str
    due: str
    badge: Badge
    results: Sequence[ResultLine]
    made: ShownTime | None
    complaint: str
    record: str
    may_take_back: bool
    may_give_again: bool


@dataclass(frozen=True, slots=True)
class TaskNames:
    """Names of grids and compounds by code."""

    grids: dict[str, str]
    compounds: dict[str, str]

    @classmethod
    def read(cls, tx: Tx) -> "TaskNames":
        grids = {code: row.name for code, row in fieldwork.grids_by_code(tx).items()}
        rows = complaints.known_compounds(tx)
        return cls(grids, {row.compound: row.name for row in rows})


def task_groups(
    tx: Tx, rows: Sequence[DatabaseRow], time: datetime, wording: Wording
) -> list[tuple[str, list[TaskCard]]]:
    """These tasks by state, each group with its heading."""
    grouped: dict[TaskState, list[TaskCard]] = defaultdict(list)
    for state, card in cards_of(tx, rows, time, wording):
        grouped[state].append(card)
    say = wording.say
    return [(say(f"tasks.state.{one}"), grouped[one]) for one in LOOKS if grouped[one]]


def cards_of(
    tx: Tx, rows: Sequence[DatabaseRow], time: datetime, wording: Wording
) -> list[tuple[TaskState, TaskCard]]:
    """Each of these tasks with its state."""
    names, today = TaskNames.read(tx), time.astimezone(ZONE).date()
    results = tasks.results_of(tx, [row.task for row in rows])
    return [_card(row, results.get(row.task, []), names, (time, today), wording) for row in rows]


def _card(
    row: DatabaseRow,
    results: Sequence[TaskResult],
    names: TaskNames,
    times: tuple[datetime, date],
    wording: Wording,
) -> tuple[TaskState, TaskCard]:
    say, (time, today) = wording.say, times
    is_made = hasattr(row, "made_at")
    gone = is_made and row.withdrawn_at is not None
    state = task_state(results, row.due, today, withdrawn=gone)
    return state, TaskCard(
        task=row.task,
        title=row.title,
        note=row.note,
        where=_where(row, names, say),
        due=say("tasks.due", day=row.due) if row.due else say("tasks.no_due"),
        badge=_badge(state, say),
        results=[_result(one, time, wording) for one in results],
        made=shown_time(row.made_at, time, say) if is_made else None,
        complaint=(row.complaint or "") if is_made else "",
        record=(row.record or "") if is_made else "",
        may_take_back=is_made and state in WAITING,
        may_give_again=is_made and state is TaskState.RETURNED,
    )


def _badge(state: TaskState, say: Say) -> Badge:
    return Badge(LOOKS[state].icon, LOOKS[state].colour, say(f"tasks.state.{state}"))


def _where(row: DatabaseRow, names: TaskNames, say: Say) -> str:
    place = " ".join(x for x in (names.compounds.get(row.compound or ""), row.building) if x)
    grid = names.grids.get(row.grid or "", row.grid or say("tasks.all_grids"))
    return say("join.dot").join(x for x in (grid, place) if x)


def _result(one: TaskResult, time: datetime, wording: Wording) -> ResultLine:
    """Of a reason that the list does not have only that the task came back: what a phone sent as a
    code is shown to nobody."""
    say, when = wording.say, shown_time(one.at, time, wording.say)
    if one.reason is not None:
        known = built_in().knows("task_reason", one.reason)
        why = wording.word("task_reason", one.reason) if known else say("tasks.unsaid")
        return ResultLine(say("tasks.handed_back", why=why), when)
    kind = wording.word("obs_type", one.kind)
    code = "tasks.taken_back" if one.void else "tasks.done_by"
    return ResultLine(say(code, kind=kind, number=one.number), when, f"/records/{one.id}")
