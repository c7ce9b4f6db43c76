"""Whether a step of a case may be made: by whom, as the case stands, and with what is said."""

from collections.abc import Callable
from dataclasses import dataclass

from contract.cases import CaseState
from contract.codelists import CodeLists
from contract.rules import MOST_NOTE
from contract.screening import personal_spans
from contract.visible_text import has_visible
from sync_server.domain.case_events import Standing, StepKind
from sync_server.domain.cases import DUPLICATE, Rule, Word, events, moves, rule
from sync_server.domain.roles import Role, Staff

MOST_RECEIPT = 40  # characters of another department's number


@dataclass(frozen=True, slots=True)
class Decision:
    """What a member of staff decided: the state `to` move to, the code of a `reason`, a `comment`
    to the worker; and the state and revision that were shown to them. `assignee` is a duty post,
    `department` a code, `receipt` another department's number, `checks` what was looked at on the
    spot: code → whether it was so. `seen_step` is the number of the last step that was shown; None
    if it is not known."""

    to: str
    seen_state: str
    seen_revision: int
    reason: str | None = None
    comment: str = ""
    same_as: str | None = None  # the number of the record that this one repeats, or is joined to
    seen_digest: str = ""  # of the content that was shown; empty: not known
    kind: StepKind = StepKind.MOVE
    assignee: str = ""
    department: str = ""
    receipt: str = ""
    checks: tuple[tuple[str, str], ...] = ()
    seen_step: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionFlaw:
    """Why a decision cannot be made: the code of problems.BadDecision, and where personal data
    stands in the comment (first character, character after the last)."""

    code: str
    spans: tuple[tuple[int, int], ...] = ()


def flaw(staff: Staff, now: Standing, decision: Decision, lists: CodeLists) -> DecisionFlaw | None:
    """What keeps this decision from being made; None if it may be."""
    if _is_kept(staff, now):
        return DecisionFlaw("supervisor_first")
    found = rule(decision.kind, now.state, decision.to)
    if found is None or staff.role not in found.roles:
        return DecisionFlaw("move_not_possible")
    if code := _standing_flaw(staff, now, decision):
        return DecisionFlaw(code)
    again = now.supervisor_first and decision.to == CaseState.ACCEPTED
    if again and not has_visible(decision.comment):  # nobody looks again for nothing (rule L13)
        return DecisionFlaw("why_again_needed")
    if code := _unsaid(decision, found, lists):
        return DecisionFlaw(code)
    return _text_flaw(decision)


def _unsaid(decision: Decision, found: Rule, lists: CodeLists) -> str:
    """The code of what has to be said with a step and is not; "" for nothing."""
    for word in Word:
        if word in found.words and not _SAID[word](decision, found, lists):
            return f"{word}_needed"
    lacks_number = found.reasons and decision.reason == DUPLICATE and not decision.same_as
    return "duplicate_needs_number" if lacks_number else ""


def possible(staff: Staff, now: Standing) -> tuple[Decision, ...]:
    """The steps that this duty post may make now, each without its words: moves first, by state."""
    ways = [(StepKind.MOVE, to) for to in moves(staff.role, now.state)]
    ways += [(kind, CaseState(now.state)) for kind in events(staff.role, now.state)]
    found = (Decision(to, now.state, 0, kind=kind) for kind, to in ways if not _is_kept(staff, now))
    return tuple(one for one in found if not _standing_flaw(staff, now, one))


def _is_kept(staff: Staff, now: Standing) -> bool:
    """Whether rule L13 keeps the case from this duty post."""
    return now.supervisor_first and staff.role is not Role.SUPERVISOR


def _standing_flaw(staff: Staff, now: Standing, decision: Decision) -> str:
    """The code of what forbids a step that the table has; "" for nothing."""
    kind, way = decision.kind, (now.state, decision.to)
    resumes = kind is StepKind.RESUME
    forbidden = {
        "suspended": now.suspended and not resumes,
        "move_not_possible": (resumes and not now.suspended) or _goes_elsewhere(now, decision),
        "extended_already": kind is StepKind.EXTEND and now.extended,
        "not_assigned": staff.role is Role.COMMUNITY and now.assignee != staff.staff,
        "too_early": way == _GIVEN_UP and not now.unanswered,
        "receipt_needed": way == _SETTLED and not now.receipt,
        "other_grid_needed": now.other_grid_first and way == _SENT_THERE,
        "not_handed_over": decision.to == CaseState.HANDED_OVER_CLOSED and not now.receipt,
    }
    return next((code for code, holds in forbidden.items() if holds), "")


def _goes_elsewhere(now: Standing, decision: Decision) -> bool:
    """A record that is taken out of another's case goes back to where it was."""
    is_merged = now.state == CaseState.MERGED and decision.kind is StepKind.MOVE
    return is_merged and decision.to != now.joined_in


_GIVEN_UP = (CaseState.RETURNED, CaseState.ACCEPTED)  # the worker does not answer
_SENT_THERE = (CaseState.ACCEPTED, CaseState.ASSIGNED)
_SETTLED = (CaseState.HANDED_OVER, CaseState.FEEDBACK)


def _text_flaw(decision: Decision) -> DecisionFlaw | None:
    for text in (decision.comment, decision.receipt):
        if spans := personal_spans(text):
            marked = spans if text == decision.comment else ()
            return DecisionFlaw("personal_data", tuple((one.start, one.end) for one in marked))
    if len(decision.comment) > MOST_NOTE:
        return DecisionFlaw("comment_too_long")
    return DecisionFlaw("receipt_too_long") if len(decision.receipt) > MOST_RECEIPT else None


def reasons(found: Rule, lists: CodeLists) -> tuple[str, ...]:
    """The reasons that may be given for a step, in order; () if it needs none."""
    return lists.grouped(found.reasons, found.group) if found.reasons else ()


def _has_comment(decision: Decision, _: Rule, __: CodeLists) -> bool:
    return has_visible(decision.comment)


_SAID: dict[Word, Callable[[Decision, Rule, CodeLists], bool]] = {
    Word.COMMENT: _has_comment,
    Word.FEEDBACK: _has_comment,
    Word.FINDING: _has_comment,
    Word.REASON: lambda said, found, lists: said.reason in reasons(found, lists),
    Word.ASSIGNEE: lambda said, _, __: bool(said.assignee),
    Word.CHECKS: lambda said, _, lists: (
        bool(said.checks) and all(lists.knows("check", code) for code, _ in said.checks)
    ),
    Word.DEPARTMENT: lambda said, _, lists: said.department in lists.offered("department"),
    Word.RECEIPT: lambda said, _, __: has_visible(said.receipt),
    Word.SAME_AS: lambda said, _, __: bool(said.same_as),
}
