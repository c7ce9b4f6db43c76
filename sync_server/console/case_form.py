"""The decision form of one lead: what may be decided, what was typed, what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from contract.codelists import built_in
from sync_server.console.forms import Form
from sync_server.console.sheet import Wording
from sync_server.console.words import said
from sync_server.domain.cases import QUESTION
from sync_server.store.engine import DatabaseRow

KEYS = {"20": "a", "15": "r", "29": "x"}


@dataclass(frozen=True, slots=True)
class DecisionOption:
    to: str
    key: str


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    word: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with the part that has to go."""

    before: str
    span: str
    after: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What the officer had filled in when the page came back, and why it did."""

    to: str = ""
    reason: str = ""
    comment: str = ""
    told: tuple[str, ...] = ()
    marked: Marked | None = None


@dataclass(frozen=True, slots=True)
class DecisionForm:
    action: str
    seen_revision: int
    seen_state: str
    seen_digest: str
    ways: tuple[DecisionOption, ...]
    reasons: tuple[Reason, ...]
    to: str
    reason: str
    comment: str
    told: tuple[str, ...]
    marked: Marked | None
    waiting: bool


def decision_form(
    action: str, row: DatabaseRow, ways: Sequence[str], typed: Typed, reader: Wording
) -> DecisionForm:
    codes = built_in().offered("reject_reason")
    return DecisionForm(
        action=action,
        seen_revision=row.revision,
        seen_state=row.state,
        seen_digest=row.digest,
        ways=tuple(DecisionOption(to, KEYS[to]) for to in KEYS if to in ways),
        reasons=tuple(Reason(code, reader.word("reject_reason", code)) for code in codes),
        to=typed.to,
        reason=typed.reason,
        comment=typed.comment,
        told=typed.told,
        marked=typed.marked,
        waiting=row.state == QUESTION,
    )


def typed(form: Form, told: Sequence[str], spans: Sequence[tuple[int, int]] = ()) -> Typed:
    """`spans` mark personal data in the comment, as it was judged: without blank ends."""
    comment = form.get("comment", "").strip()
    marked = next((_cut(comment, start, end) for start, end in spans), None)
    return Typed(form.get("to", ""), form.get("reason", ""), comment, tuple(told), marked)


def flaw_words(codes: Sequence[str], reader: Wording) -> list[str]:
    return [said(reader.say, f"flaw.{code}", "flaw.other", code=code) for code in codes]


def _cut(text: str, start: int, end: int) -> Marked:
    return Marked(text[:start], text[start:end], text[end:])
