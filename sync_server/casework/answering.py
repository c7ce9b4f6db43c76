"""What a step of a case says to the worker who reported, and when a phone may hear it."""

from datetime import date, timedelta
from typing import Protocol

from contract.cases import CONCLUDED, CaseState
from sync_server.domain.case_events import StepKind
from sync_server.store import held_answers
from sync_server.store.case_events import CaseStep
from sync_server.store.engine import DatabaseRow, Tx

MOST_PLACE = 100  # characters
# How the bureau rates its own handling is no answer: the result stays the last word on the phone.
UNTOLD = frozenset({CaseState.RATED})
TOLD_KINDS = frozenset({StepKind.MOVE, StepKind.FOLLOW})
# In the other states comment and reason are between officers: an assignment, what was seen.
EXPLAINED = CONCLUDED | {
    CaseState.RETURNED,
    CaseState.ACCEPTED,
    CaseState.MERGED,
    CaseState.REJECTED,
    CaseState.OBJECTED,
}


class HasStates(Protocol):
    """A step, as it is made or as a row."""

    @property
    def kind(self) -> str: ...

    @property
    def before(self) -> str: ...

    @property
    def after(self) -> str: ...


def is_told(step: CaseStep) -> bool:
    """Whether the worker hears of this step."""
    if step.kind == StepKind.PART:
        return step.before != step.after
    return step.kind in TOLD_KINDS and told_state(step) not in UNTOLD


def told_state(step: CaseStep) -> str:
    """The state that the worker is told: of a record that follows another one, that one's."""
    return (step.said or {}).get("state", step.after)


def is_explained(step: HasStates) -> bool:
    """Whether the worker hears comment and reason as well; else they are between officers."""
    if step.kind == StepKind.FOLLOW:
        return True  # it holds what the other's worker is told, and nothing else
    if step.before == CaseState.MERGED:
        return True
    return step.after in EXPLAINED and step.before not in (CaseState.ASSIGNED, step.after)


def give_answer(  # noqa: PLR0913 – what about which step is told, when, and until when it is open
    tx: Tx, row: DatabaseRow, step: CaseStep, seq: int, hold: timedelta, until: date | None
) -> None:
    """Answers the record's author about step number `seq` of the bureau: after `hold`, and until
    then it can be taken back. `until`: the last day on which the worker may object."""
    if not is_told(step):
        return
    explained = is_explained(step)
    held_answers.hold(
        tx,
        row.author,
        seq,
        step.at + hold,
        report=row.id,
        at=step.at,
        state=told_state(step),
        reason=step.reason if explained else None,
        comment=step.comment if explained else "",
        by=step.role,
        place=row.place[:MOST_PLACE],
        number=row.number,
        same_as=step.same_as,
        object_until=until,
    )
