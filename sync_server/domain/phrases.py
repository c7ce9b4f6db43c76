"""Phrases that are proposed for answers to workers: for which steps there are any, and what one may
say."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from contract.cases import CaseState
from contract.codelists import CodeLists
from contract.rules import MOST_NOTE
from sync_server.domain.case_events import StepKind
from sync_server.domain.cases import MOVES
from sync_server.domain.decisions import reasons
from sync_server.domain.roles import Role
from sync_server.domain.screened_text import TextFlaw, text_flaw

MOST_LINES = 5  # phrases for one step and reason
# Rule L3: what judges may be said of what was found, and of nothing that is not.
JUDGING = re.compile("违规|违法|非法")
FOUND = frozenset({CaseState.RECTIFIED, CaseState.HANDED_OVER_CLOSED})


class Way(NamedTuple):
    """From which state to which a step leads."""

    before: str
    after: str
    kind: str = StepKind.MOVE.value


@dataclass(frozen=True, slots=True)
class PhraseSlot:
    """A step to `state` for a `reason` of the code list `reasons`; "" for whatever reason."""

    state: CaseState
    reasons: str = ""
    reason: str = ""

    @property
    def code(self) -> str:
        return f"{self.state}.{self.reason}" if self.reason else str(self.state)


def phrase_slots(explained: Collection[Way], lists: CodeLists) -> tuple[PhraseSlot, ...]:
    """What phrases can be kept for: those of the `explained` steps, whose comment a worker reads,
    that bureau people make; by state, each before its reasons."""
    found: dict[PhraseSlot, None] = {}
    for (before, after), rule in sorted(MOVES.items(), key=lambda one: one[0][1]):
        if Way(before, after) in explained and rule.roles - {Role.GRID}:
            found[PhraseSlot(after)] = None
            for code in reasons(rule, lists):
                found[PhraseSlot(after, rule.reasons, code)] = None
    return tuple(found)


def lines_of(text: str) -> tuple[str, ...]:
    """The phrases in a text that has one in each line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def phrase_flaw(text: str, state: CaseState) -> TextFlaw | None:
    """What keeps these phrases from being proposed; None if nothing does. Without any none is
    proposed."""
    lines = lines_of(text)
    if len(lines) > MOST_LINES:
        return TextFlaw("too_many_lines")
    if any(len(line) > MOST_NOTE for line in lines):
        return TextFlaw("text_too_long")
    if flaw := text_flaw(text, MOST_LINES * (MOST_NOTE + 2), without_rooms=True):
        return flaw
    judged = tuple(_judging(text)) if state not in FOUND else ()
    return TextFlaw("judging_word", judged) if judged else None


def _judging(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in JUDGING.finditer(text))
