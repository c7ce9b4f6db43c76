"""The life of a case as a table: from which state to which, by whom, and with what reason."""

from dataclasses import dataclass

from contract.rules import MOST_NOTE
from contract.screening import personal_spans
from sync_server.domain.roles import Role

REPORTED, QUESTION, ACCEPTED, REJECTED = "10", "15", "20", "29"
OPEN = frozenset({REPORTED, QUESTION})

# The whole life of a case (code list `case_state`); the console makes the first four moves so far.
TRANSITIONS: dict[str, frozenset[str]] = {
    "10": frozenset({"15", "20", "29"}),
    "15": frozenset({"10", "29"}),
    "20": frozenset({"25", "30"}),
    "25": frozenset({"20"}),
    "29": frozenset({"90", "99"}),
    "30": frozenset({"40"}),
    "40": frozenset({"50", "55", "60"}),
    "50": frozenset({"55", "60"}),
    "55": frozenset({"60"}),
    "60": frozenset({"70", "71", "72", "73"}),
    "70": frozenset({"80", "90", "99"}),
    "71": frozenset({"80", "90", "99"}),
    "72": frozenset({"80", "90", "99"}),
    "73": frozenset({"80", "90", "99"}),
    "80": frozenset({"90", "99"}),
    "90": frozenset({"40", "60", "70", "72"}),
    "99": frozenset(),
}
# Which of them each role may make. A grid worker can only answer a question.
MOVES: dict[Role, frozenset[tuple[str, str]]] = {
    Role.GRID: frozenset({(QUESTION, REPORTED)}),
    Role.SUPERVISOR: frozenset(
        {
            (REPORTED, ACCEPTED),
            (REPORTED, QUESTION),
            (REPORTED, REJECTED),
            (QUESTION, REJECTED),
        }
    ),
}
NEEDS_COMMENT = frozenset({QUESTION})
NEEDS_REASON = frozenset({REJECTED})


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


def moves(role: Role, state: str) -> tuple[str, ...]:
    """The states to which this role may move a case from `state`, sorted."""
    return tuple(sorted(after for before, after in MOVES.get(role, ()) if before == state))


def flaw(
    role: Role, state: str, decision: Decision, reasons: frozenset[str]
) -> DecisionFlaw | None:
    """What keeps this decision from being made; None if it may be. `reasons` are the codes that may
    be given for not accepting."""
    if decision.to not in moves(role, state):
        return DecisionFlaw("move_not_possible")
    if decision.to in NEEDS_COMMENT and not decision.comment.strip():
        return DecisionFlaw("comment_needed")
    if decision.to in NEEDS_REASON and decision.reason not in reasons:
        return DecisionFlaw("reason_needed")
    if len(decision.comment) > MOST_NOTE:
        return DecisionFlaw("comment_too_long")
    if spans := personal_spans(decision.comment):
        return DecisionFlaw("personal_data", tuple((span.start, span.end) for span in spans))
    return None
