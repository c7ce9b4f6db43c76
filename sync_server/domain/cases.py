"""A case as a table: from which state to which, by whom, and what has to be said with it."""

from dataclasses import dataclass

from contract.cases import CaseState
from contract.rules import MOST_NOTE
from contract.screening import personal_spans
from sync_server.domain.roles import Role
from sync_server.problems import BadDecision, NotAllowed

# Every move there is between the states; the console of today makes those in MOVES.
TRANSITIONS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.REPORTED: frozenset({CaseState.RETURNED, CaseState.ACCEPTED, CaseState.REJECTED}),
    CaseState.RETURNED: frozenset({CaseState.REPORTED, CaseState.REJECTED}),
    CaseState.ACCEPTED: frozenset({CaseState.MERGED, CaseState.ASSIGNED}),
    CaseState.MERGED: frozenset({CaseState.ACCEPTED}),
    CaseState.REJECTED: frozenset({CaseState.OBJECTED, CaseState.PURGED}),
    CaseState.ASSIGNED: frozenset({CaseState.VERIFYING}),
    CaseState.VERIFYING: frozenset({CaseState.HANDLING, CaseState.HANDED_OVER, CaseState.FEEDBACK}),
    CaseState.HANDLING: frozenset({CaseState.HANDED_OVER, CaseState.FEEDBACK}),
    CaseState.HANDED_OVER: frozenset({CaseState.FEEDBACK}),
    CaseState.FEEDBACK: frozenset(
        {
            CaseState.UNFOUNDED,
            CaseState.UNVERIFIABLE,
            CaseState.RECTIFIED,
            CaseState.HANDED_OVER_CLOSED,
        }
    ),
    CaseState.UNFOUNDED: frozenset({CaseState.RATED, CaseState.OBJECTED, CaseState.PURGED}),
    CaseState.UNVERIFIABLE: frozenset({CaseState.RATED, CaseState.OBJECTED, CaseState.PURGED}),
    CaseState.RECTIFIED: frozenset({CaseState.RATED, CaseState.OBJECTED, CaseState.PURGED}),
    CaseState.HANDED_OVER_CLOSED: frozenset(
        {CaseState.RATED, CaseState.OBJECTED, CaseState.PURGED}
    ),
    CaseState.RATED: frozenset({CaseState.OBJECTED, CaseState.PURGED}),
    CaseState.OBJECTED: frozenset(
        {CaseState.VERIFYING, CaseState.FEEDBACK, CaseState.UNFOUNDED, CaseState.RECTIFIED}
    ),
    CaseState.PURGED: frozenset(),
}
# Which of them each role may make here. A grid worker answers a question, and that is all.
MOVES: dict[Role, frozenset[tuple[CaseState, CaseState]]] = {
    Role.GRID: frozenset({(CaseState.RETURNED, CaseState.REPORTED)}),
    Role.SUPERVISOR: frozenset(
        {
            (CaseState.REPORTED, CaseState.ACCEPTED),
            (CaseState.REPORTED, CaseState.RETURNED),
            (CaseState.REPORTED, CaseState.REJECTED),
            (CaseState.RETURNED, CaseState.REJECTED),
        }
    ),
}
NEEDS_COMMENT = frozenset({CaseState.RETURNED})
NEEDS_REASON = frozenset({CaseState.REJECTED})


@dataclass(frozen=True, slots=True)
class Decision:
    """What a member of staff decided, and of what: the state and revision they were looking at."""

    to: str
    seen_state: str
    seen_revision: int
    reason: str | None = None
    comment: str = ""
    seen_digest: str = ""  # of the content shown, where the caller showed one


def moves(role: Role, state: str) -> tuple[CaseState, ...]:
    """Where this role may move a case that stands at `state`."""
    return tuple(sorted(after for before, after in MOVES.get(role, ()) if before == state))


def check(role: Role, state: str, decision: Decision, reasons: frozenset[str]) -> None:
    """Raises NotAllowed or BadDecision unless this move may be made and says what it must."""
    if role not in MOVES:
        raise NotAllowed
    if decision.to not in moves(role, state):
        raise BadDecision("move_not_possible")
    if decision.to in NEEDS_COMMENT and not decision.comment.strip():
        raise BadDecision("comment_needed")
    if decision.to in NEEDS_REASON and decision.reason not in reasons:
        raise BadDecision("reason_needed")
    if len(decision.comment) > MOST_NOTE:
        raise BadDecision("comment_too_long")
    if spans := personal_spans(decision.comment):
        raise BadDecision("personal_data", tuple((span.start, span.end) for span in spans))
