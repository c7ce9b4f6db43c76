"""The life of a case as a table: from which state to which, by whom, and with what said."""

from dataclasses import dataclass, replace
from enum import StrEnum

from contract.cases import CaseState
from sync_server.domain.case_events import JOINABLE, StepKind
from sync_server.domain.roles import Role


class Word(StrEnum):
    """What has to be said with a step. The value is part of the code of what is missing."""

    COMMENT = "comment"  # a question to the worker
    FEEDBACK = "feedback"  # the answer to those who reported
    FINDING = "finding"  # what was seen on the spot
    REASON = "reason"  # a code of the step's list
    ASSIGNEE = "assignee"  # the duty post that goes there
    CHECKS = "checks"  # what was looked at on the spot, by the list for the venue
    DEPARTMENT = "department"  # a code of the list `department`
    RECEIPT = "receipt"  # the number under which another department took the case
    SAME_AS = "same_as"  # the number of the record that leads the case of the place


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may make a step, what has to be said with it, and the code list of its reason. `group`:
    only the reasons of this section of the list."""

    roles: frozenset[Role]
    words: frozenset[Word] = frozenset()
    reasons: str = ""
    group: str = ""


def _rule(*roles: Role, words: tuple[Word, ...] = (), reasons: str = "", group: str = "") -> Rule:
    needed = frozenset((*words, Word.REASON)) if reasons else frozenset(words)
    return Rule(frozenset(roles), needed, reasons, group)


_S, _R, _W = CaseState, Role, Word
_OFFICE = (_R.SUPERVISOR, _R.CASE_OFFICER)
_SPOT = (*_OFFICE, _R.COMMUNITY)  # who may be sent to a place; a community to its own cases only
_ACCEPT, _ASK = _rule(_R.SUPERVISOR), _rule(_R.SUPERVISOR, words=(_W.COMMENT,))
_REJECT = _rule(_R.SUPERVISOR, reasons="reject_reason")
_VERIFIED = _rule(*_SPOT, words=(_W.CHECKS, _W.FINDING))
_HANDLED = _rule(*_OFFICE, words=(_W.FINDING,))
_HAND_OVER = _rule(_R.CASE_OFFICER, words=(_W.DEPARTMENT, _W.FINDING))
_RATE = _rule(_R.SUPERVISOR, reasons="rating")
_REOPEN = _rule(_R.SUPERVISOR, reasons="reopen_reason")
_JOIN, _PURGE = _rule(*_OFFICE, words=(_W.SAME_AS,)), _rule(_R.DPO)


def _close(state: CaseState) -> Rule:
    return _rule(*_OFFICE, words=(_W.FEEDBACK,), reasons="result_reason", group=state.value)


_RESULTS = (_S.UNFOUNDED, _S.UNVERIFIABLE, _S.RECTIFIED, _S.HANDED_OVER_CLOSED)
# Every move between states that somebody makes. A grid worker answers a question, and that is all;
# an objection is an arrival, and what follows another record moves with it.
MOVES: dict[tuple[CaseState, CaseState], Rule] = {
    (_S.REPORTED, _S.RETURNED): _ASK,
    (_S.REPORTED, _S.ACCEPTED): _ACCEPT,
    (_S.REPORTED, _S.REJECTED): _REJECT,
    (_S.RETURNED, _S.REPORTED): _rule(_R.GRID),
    (_S.RETURNED, _S.ACCEPTED): _ACCEPT,  # once the worker has not answered in time
    (_S.RETURNED, _S.REJECTED): _REJECT,
    **{(early, _S.MERGED): _JOIN for early in sorted(JOINABLE)},
    **{(_S.MERGED, early): _rule(*_OFFICE) for early in sorted(JOINABLE)},  # to where it was
    (_S.ACCEPTED, _S.ASSIGNED): _rule(*_OFFICE, words=(_W.ASSIGNEE,)),
    (_S.ASSIGNED, _S.ACCEPTED): _rule(*_OFFICE, reasons="take_back_reason"),
    (_S.ASSIGNED, _S.VERIFYING): _rule(*_SPOT),
    (_S.VERIFYING, _S.HANDLING): _VERIFIED,
    (_S.VERIFYING, _S.FEEDBACK): _VERIFIED,
    (_S.VERIFYING, _S.HANDED_OVER): _HAND_OVER,
    (_S.HANDLING, _S.HANDED_OVER): _HAND_OVER,
    (_S.HANDLING, _S.FEEDBACK): _HANDLED,
    (_S.HANDED_OVER, _S.VERIFYING): _rule(_R.CASE_OFFICER, reasons="return_reason"),
    (_S.HANDED_OVER, _S.FEEDBACK): _HANDLED,
    **{(_S.FEEDBACK, result): _close(result) for result in _RESULTS},
    **{(result, _S.RATED): _RATE for result in _RESULTS},
    **{(over, _S.OBJECTED): _REOPEN for over in (_S.REJECTED, *_RESULTS, _S.RATED)},
    **{(over, _S.PURGED): _PURGE for over in (_S.REJECTED, *_RESULTS, _S.RATED)},
    (_S.OBJECTED, _S.ACCEPTED): _ACCEPT,
    (_S.OBJECTED, _S.VERIFYING): _rule(*_OFFICE),
    (_S.OBJECTED, _S.FEEDBACK): _HANDLED,
    (_S.OBJECTED, _S.REJECTED): replace(_REJECT, words=frozenset({_W.REASON, _W.FEEDBACK})),
    (_S.OBJECTED, _S.UNFOUNDED): _close(_S.UNFOUNDED),
    (_S.OBJECTED, _S.RECTIFIED): _close(_S.RECTIFIED),
}
_OPEN = (_S.ACCEPTED, _S.ASSIGNED, _S.VERIFYING, _S.HANDLING, _S.OBJECTED)
_SENT = (_S.ASSIGNED, _S.VERIFYING)
# What may happen within a state. Who extends or suspends is who approves of it.
EVENTS: dict[tuple[StepKind, CaseState], Rule] = {
    **{(StepKind.ASSIGN, state): _rule(*_OFFICE, words=(_W.ASSIGNEE,)) for state in _SENT},
    (StepKind.EXTEND, _S.HANDLING): _rule(_R.SUPERVISOR, reasons="extend_reason"),
    **{
        (StepKind.SUSPEND, state): _rule(_R.SUPERVISOR, reasons="suspend_reason") for state in _OPEN
    },
    **{(StepKind.RESUME, state): _rule(_R.SUPERVISOR) for state in _OPEN},
    (StepKind.RECEIPT, _S.HANDED_OVER): _rule(_R.CASE_OFFICER, words=(_W.RECEIPT,)),
}
DUPLICATE = "DUPLICATE"  # the reason that names another record


def rule(kind: StepKind, before: str, after: str) -> Rule | None:
    """The rule of a step; None if there is no such step."""
    if kind is StepKind.MOVE:
        return next((r for (a, b), r in MOVES.items() if (a, b) == (before, after)), None)
    return next((r for (k, s), r in EVENTS.items() if (k, s) == (kind, before)), None)


def moves(role: Role, state: str) -> tuple[CaseState, ...]:
    """The states to which this role may move a case from `state`, sorted."""
    may = (
        after for (before, after), rule in MOVES.items() if before == state and role in rule.roles
    )
    return tuple(sorted(may))


def events(role: Role, state: str) -> tuple[StepKind, ...]:
    """What else this role may do with a case in this state."""
    return tuple(kind for (kind, at), rule in EVENTS.items() if at == state and role in rule.roles)
