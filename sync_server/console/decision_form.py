"""The decision form of a record: what may be decided, with what said; and, after an error, what had
been entered."""

from collections.abc import Sequence
from dataclasses import dataclass

from contract.cases import CONCLUDED, CaseState
from contract.codelists import built_in
from sync_server.console.forms import Form
from sync_server.console.words import Wording, say_known, sentences
from sync_server.domain.case_events import StepKind
from sync_server.domain.cases import Rule, Word, rule
from sync_server.domain.decisions import Decision, reasons
from sync_server.store.engine import DatabaseRow

# The key that chooses a step; the others have none.
KEYS = {
    CaseState.ACCEPTED.value: "a",
    CaseState.RETURNED.value: "r",
    CaseState.REJECTED.value: "x",
    CaseState.ASSIGNED.value: "a",
    CaseState.FEEDBACK.value: "f",
}
RESULTS = CONCLUDED - {CaseState.RATED} | {CaseState.REJECTED}
CHECK_ANSWERS = ("yes", "no", "unclear")
MOST_TEXT = 400  # characters of a phrase and the like that a form gives back


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    word: str


@dataclass(frozen=True, slots=True)
class DecisionOption:
    """One step that may be made: a state to move to, or what happens within one. `phrases` are
    proposed for the comment: see offered_phrases.py."""

    to: str
    key: str
    word: str
    confirm: str
    comment: str
    words: frozenset[str]
    reasons: tuple[Reason, ...] = ()
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A comment with the part that has to be removed, `marked`."""

    before: str
    marked: str
    after: str


@dataclass(frozen=True, slots=True)
class EnteredDecision:
    """What the officer had entered, and the messages on why it was not accepted (none in a form
    that is new)."""

    to: str = ""
    reason: str = ""
    comment: str = ""
    messages: tuple[str, ...] = ()
    marked: MarkedText | None = None
    same_as: str = ""
    assignee: str = ""
    department: str = ""
    receipt: str = ""
    checks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionChoices:
    """What a form offers: the posts that can be sent there, the departments, what is looked at, and
    the records of the same place."""

    posts: tuple[Reason, ...] = ()
    departments: tuple[Reason, ...] = ()
    checks: tuple[Reason, ...] = ()
    leads: tuple[Reason, ...] = ()  # the other records of the place


@dataclass(frozen=True, slots=True)
class DecisionForm:
    action: str
    seen_revision: int
    seen_state: str
    seen_digest: str
    seen_step: int
    options: tuple[DecisionOption, ...]
    choices: DecisionChoices
    entered: EnteredDecision
    is_question_open: bool
    next: str = ""

    @property
    def has_usual(self) -> bool:
        """Whether the first option is the way on: not a way back, and none of several results."""
        first = self.options[0].to
        return first > self.seen_state and first not in RESULTS

    @property
    def words(self) -> frozenset[str]:
        """All that any of the options needs."""
        return frozenset(word for option in self.options for word in option.words)


def decision_form(
    action: str,
    row: DatabaseRow,
    steps: Sequence[Decision],
    entered: EnteredDecision,
    wording: Wording,
) -> DecisionForm:
    """`action` is the address it is sent to, `steps` those that may be made now."""
    return DecisionForm(
        action=action,
        seen_revision=row.revision,
        seen_state=row.state,
        seen_digest=row.digest,
        seen_step=0,
        options=tuple(_option(row.state, step, wording) for step in _in_order(steps)),
        choices=DecisionChoices(),
        entered=entered,
        is_question_open=row.state == CaseState.RETURNED,
    )


def _in_order(steps: Sequence[Decision]) -> list[Decision]:
    """The way forward first, then the way back, and last what ends or stops it."""
    last, on = (CaseState.RETURNED, CaseState.REJECTED), (StepKind.MOVE, StepKind.RECEIPT)
    return sorted(steps, key=lambda one: (one.kind not in on, one.to in last, _is_back(one)))


def _is_back(step: Decision) -> bool:
    return step.kind is StepKind.MOVE and step.to < step.seen_state


def _option(state: str, step: Decision, wording: Wording) -> DecisionOption:
    found = rule(step.kind, state, step.to) or Rule(frozenset())
    to = step.to if step.kind is StepKind.MOVE else step.kind.value
    listed = built_in()
    codes = reasons(found, listed)
    word = wording.say(_way("decide", state, to))
    return DecisionOption(
        to=str(to),
        key="" if _is_back(step) else KEYS.get(to, ""),
        word=word,
        confirm=wording.say(_way("decide.go", state, to), word=word),
        comment=wording.say(_comment_code(state, to, found)),
        words=found.words,
        reasons=tuple(Reason(code, wording.word(found.reasons, code)) for code in codes),
    )


def _way(code: str, state: str, to: str) -> str:
    """The sentence for this way, for this aim, or for all."""
    known = sentences()
    return next(
        (one for one in (f"{code}.{state}.{to}", f"{code}.{to}") if one in known), f"{code}.other"
    )


def _comment_code(state: str, to: str, found: Rule) -> str:
    own = f"decide.comment.{'told' if CaseState.MERGED in (state, to) else to}"
    if own in sentences():
        return own
    needed = next((one for one in (Word.FEEDBACK, Word.FINDING) if one in found.words), None)
    return f"decide.comment.{needed}" if needed else "decide.comment.inside"


def checks_for(venue: str) -> tuple[str, ...]:
    """The codes of what is looked at at a place of this kind: what is everywhere, and its own."""
    listed = built_in().lists["check"]
    own = {"any", venue}
    return tuple(code for code in built_in().offered("check") if listed[code].group in own)


def entered_decision(
    form: Form, messages: Sequence[str], spans: Sequence[tuple[int, int]] = ()
) -> EnteredDecision:
    """`spans` are those of personal data in the comment without blanks at its ends."""
    comment = form.get("comment", "").strip()
    marked = next((_marked_text(comment, start, end) for start, end in spans), None)
    to, reason, same_as = (form.get(name, "") for name in ("to", "reason", "same_as"))
    assignee, department, receipt = (
        form.get(name, "")[:MOST_TEXT] for name in ("assignee", "department", "receipt")
    )
    return EnteredDecision(
        to,
        reason,
        comment,
        tuple(messages),
        marked,
        same_as[:100],
        assignee,
        department,
        receipt,
        entered_checks(form),
    )


def entered_checks(form: Form) -> tuple[tuple[str, str], ...]:
    """What was ticked of the checklist: code and answer."""
    offered = built_in().offered("check")
    given = ((code, form.get(f"check.{code}", "")) for code in offered)
    return tuple((code, answer) for code, answer in given if answer in CHECK_ANSWERS)


def flaw_words(codes: Sequence[str], wording: Wording) -> list[str]:
    """A sentence for each code of problems.BadDecision."""
    return [say_known(wording.say, f"flaw.{code}", "flaw.other", code=code) for code in codes]


def _marked_text(text: str, start: int, end: int) -> MarkedText:
    return MarkedText(text[:start], text[start:end], text[end:])
