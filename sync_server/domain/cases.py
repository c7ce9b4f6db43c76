"""The life of a case as a table: from which state to which, by whom, and with what reason."""

from dataclasses import dataclass

from contract.cases import CaseState
from contract.rules import MOST_NOTE
from contract.screening import personal_spans
from contract.visible_text import has_visible
from sync_server.domain.roles import Role

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
    """What a member of staff decided: the state `to` move to, the code of a `reason`, a `comment`
    to the worker; and the state and revision that were shown to them."""

    to: str
    seen_state: str
    seen_revision: int
    reason: str | None = None
    comment: str = ""
    seen_digest: str = ""  # of the content that was shown; empty: not known


@dataclass(frozen=True, slots=True)
class DecisionFlaw:
    """Why a decision cannot be made: the code of problems.BadDecision, and where personal data
    stands in the comment (first character, character after the last)."""

    code: str
    spans: tuple[tuple[int, int], ...] = ()


def moves(role: Role, state: str) -> tuple[CaseState, ...]:
    """The states to which this role may move a case from `state`, sorted."""
    return tuple(sorted(after for before, after in MOVES.get(role, ()) if before == state))


def flaw(
    role: Role, state: str, decision: Decision, reasons: frozenset[str]
) -> DecisionFlaw | None:
    """What keeps this decision from being made; None if it may be. `reasons` are the codes that may
    be given for not accepting."""
    if decision.to not in moves(role, state):
        return DecisionFlaw("move_not_possible")
    if decision.to in NEEDS_COMMENT and not has_visible(decision.comment):
        return DecisionFlaw("comment_needed")
    if decision.to in NEEDS_REASON and decision.reason not in reasons:
        return DecisionFlaw("reason_needed")
    if len(decision.comment) > MOST_NOTE:
        return DecisionFlaw("comment_too_long")
    if spans := personal_spans(decision.comment):
        return DecisionFlaw("personal_data", tuple((span.start, span.end) for span in spans))
    return None
