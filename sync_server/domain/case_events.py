"""What happened to a case, step by step, and how it stands after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from contract.cases import CLOSED, CaseState

NOTHING: Mapping[str, str] = MappingProxyType({})


class StepKind(StrEnum):
    """A step of a case: a MOVE to another state, or something that happens within one."""

    MOVE = "move"
    UNDO = "undo"  # takes the step before it back
    ASSIGN = "assign"  # to another duty post
    EXTEND = "extend"  # 延期: more days for handling
    SUSPEND = "suspend"  # 挂账: the clock stops
    RESUME = "resume"
    RECEIPT = "receipt"  # the other department has taken the case
    FOLLOW = (
        "follow"  # the record that leads the case of its place made a step: domain/following.py
    )
    PART = "part"  # it is no longer of that place, and has a case of its own again


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One step: the states before and after, and what was said with it. `said` may hold `assignee`
    (a duty post), `department`, `number` and `receipt` of a hand-over. `same_as` is the number of
    another record: the one that it repeats, or that leads its case."""

    at: datetime
    before: str
    after: str
    kind: str = StepKind.MOVE
    role: str = ""
    reason: str | None = None
    said: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    same_as: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands. `rounds` counts hand-overs to other departments, `returns` those that came
    back (退单); `number` and `receipt` are of the last one. `unanswered`: the worker has not
    answered a question in time, which only a calendar can tell. `supervisor_first`: rule L13 keeps
    it for a supervisor, which only the other reports of its place can tell. `other_grid_first`: the
    same rule sends it to another grid first, which only the tasks for it can tell. `follows` is the
    number of the record that leads its case, "" for none; `joined_in` the state in which it was
    joined to it. `alone`: somebody took it out of another's case, so it is not taken along
    again."""

    state: str = CaseState.REPORTED
    suspended: bool = False
    extended: bool = False
    assignee: str = ""
    department: str = ""
    number: str = ""
    receipt: str = ""
    rounds: int = 0
    returns: int = 0
    unanswered: bool = False
    supervisor_first: bool = False
    other_grid_first: bool = False
    follows: str = ""
    joined_in: str = ""
    alone: bool = False


MOST_RETURNS = 3  # from the third return on, the departments sit together (联席会议)


class HasKind(Protocol):
    """A step, as an event or as a row of the database."""

    @property
    def kind(self) -> str: ...


E = TypeVar("E", bound=HasKind)


def effective(events: Iterable[E]) -> list[E]:
    """The events without those that were undone and their undoing: each UNDO takes back the last
    one that still counts."""
    left: list[E] = []
    for event in events:
        if event.kind != StepKind.UNDO:
            left.append(event)
        elif left:
            left.pop()
    return left


def standing(state: str, events: Iterable[CaseEvent]) -> Standing:
    """How a case in this state stands after these events, in their order."""
    now = Standing()
    for event in effective(events):
        now = _after(now, event)
    return replace(now, state=state)


def _after(now: Standing, event: CaseEvent) -> Standing:
    changes: dict[str, Any] = {name: event.said[name] for name in _KEPT & event.said.keys()}
    changes |= _FLAGS.get(event.kind, {}) | _following(event)
    if event.kind == StepKind.MOVE and event.after == CaseState.HANDED_OVER:
        changes |= {"rounds": now.rounds + 1, "receipt": ""}
    if event.kind == StepKind.MOVE and (event.before, event.after) == RETURN:
        changes["returns"] = now.returns + 1
    return replace(now, **changes)


def _following(event: CaseEvent) -> dict[str, Any]:
    """What a step changes of whom the record follows."""
    joins = event.kind == StepKind.FOLLOW or event.after == CaseState.MERGED
    if joins and event.same_as:
        came = {"joined_in": event.before} if event.before in JOINABLE else {}
        return {"follows": event.same_as, "alone": False} | came
    stays = event.after in STAYS and event.kind != StepKind.PART
    left = {"alone": True} if (event.kind, event.before) == LEAVING else {}
    return {} if stays else {"follows": "", "joined_in": "", **left}


JOINABLE = frozenset({CaseState.REPORTED, CaseState.RETURNED, CaseState.ACCEPTED})
LEAVING = (StepKind.MOVE, CaseState.MERGED)
STAYS = CLOSED | {CaseState.MERGED}  # in which a record may follow another one
RETURN = (CaseState.HANDED_OVER, CaseState.VERIFYING)  # 退单
_KEPT = {"assignee", "department", "number", "receipt"}
_FLAGS: dict[str, dict[str, bool]] = {
    StepKind.EXTEND: {"extended": True},
    StepKind.SUSPEND: {"suspended": True},
    StepKind.RESUME: {"suspended": False},
}
