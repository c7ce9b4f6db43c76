"""The decision form of a record: what may be decided; and, after an error, what had been
entered."""

from collections.abc import Sequence
from dataclasses import dataclass

from contract.cases import CaseState
from contract.codelists import built_in
from sync_server.console.forms import Form
from sync_server.console.words import Wording, say_known
from sync_server.store.engine import DatabaseRow

# The key that chooses each state to move to.
KEYS = {CaseState.ACCEPTED: "a", CaseState.RETURNED: "r", CaseState.REJECTED: "x"}


@dataclass(frozen=True, slots=True)
class DecisionOption:
    to: str
    key: str


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    word: str


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


@dataclass(frozen=True, slots=True)
class DecisionForm:
    action: str
    seen_revision: int
    seen_state: str
    seen_digest: str
    options: tuple[DecisionOption, ...]
    reasons: tuple[Reason, ...]
    to: str
    reason: str
    comment: str
    messages: tuple[str, ...]
    marked: MarkedText | None
    is_question_open: bool


def decision_form(
    action: str, row: DatabaseRow, states: Sequence[str], entered: EnteredDecision, wording: Wording
) -> DecisionForm:
    """`action` is the address it is sent to, `states` those that the case may be moved to."""
    codes = built_in().offered("reject_reason")
    return DecisionForm(
        action=action,
        seen_revision=row.revision,
        seen_state=row.state,
        seen_digest=row.digest,
        options=tuple(DecisionOption(to, key) for to, key in KEYS.items() if to in states),
        reasons=tuple(Reason(code, wording.word("reject_reason", code)) for code in codes),
        to=entered.to,
        reason=entered.reason,
        comment=entered.comment,
        messages=entered.messages,
        marked=entered.marked,
        is_question_open=row.state == CaseState.RETURNED,
    )


def entered_decision(
    form: Form, messages: Sequence[str], spans: Sequence[tuple[int, int]] = ()
) -> EnteredDecision:
    """`spans` are those of personal data in the comment without blanks at its ends."""
    comment = form.get("comment", "").strip()
    marked = next((_marked_text(comment, start, end) for start, end in spans), None)
    return EnteredDecision(
        form.get("to", ""), form.get("reason", ""), comment, tuple(messages), marked
    )


def flaw_words(codes: Sequence[str], wording: Wording) -> list[str]:
    """A sentence for each code of problems.BadDecision."""
    return [say_known(wording.say, f"flaw.{code}", "flaw.other", code=code) for code in codes]


def _marked_text(text: str, start: int, end: int) -> MarkedText:
    return MarkedText(text[:start], text[start:end], text[end:])
