"""Finds among one's reports: by how they stand, and by pieces of place, number and note."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from unicodedata import normalize
from uuid import UUID

from contract.protocol import Answer
from fieldapp.memory.unread import QUESTION
from fieldapp.report.entry import Entry, Stage

CLOSED = frozenset({"29", "70", "71", "72", "73", "80", "99"})


class Pile(StrEnum):
    """How a worker sorts reports; the words stand in `words`."""

    ALL = "all"
    UNREAD = "unread"
    ASKED = "asked"
    HERE = "here"
    UNDER_WAY = "under_way"
    CLOSED = "closed"


# What the notebook can leave out by itself; `belongs` looks at the rest.
STAGES: dict[Pile, tuple[Stage, ...]] = {
    Pile.ALL: (),
    Pile.UNREAD: (),
    Pile.ASKED: (Stage.REVIEWED, Stage.REFUSED),
    Pile.HERE: (Stage.DRAFT, Stage.SEALED, Stage.REFUSED),
    Pile.UNDER_WAY: (Stage.DELIVERED, Stage.REVIEWED),
    Pile.CLOSED: (Stage.REVIEWED, Stage.WITHDRAWN),
}


def asks(entry: Entry) -> bool:
    """The worker has to do something: the bureau put a question, or did not take the report."""
    said = entry.answers[-1].state if entry.answers else ""
    return entry.stage is Stage.REFUSED or (entry.stage is Stage.REVIEWED and said == QUESTION)


def belongs(entry: Entry, pile: Pile, unread: Collection[UUID]) -> bool:
    if STAGES[pile] and entry.stage not in STAGES[pile]:
        return False
    if pile is Pile.UNREAD:
        return entry.report.id in unread
    if pile is Pile.ASKED:
        return asks(entry)
    closed = bool(entry.answers) and entry.answers[-1].state in CLOSED
    if pile is Pile.CLOSED:
        return closed or entry.stage is Stage.WITHDRAWN
    return not closed if pile is Pile.UNDER_WAY else True


def says(entry: Entry, wanted: str, initials: Mapping[str, str]) -> bool:
    """Whether each piece of `wanted` is in its place, its receipt's number or its words; a place
    is also found by the pinyin initials of its compound."""
    report = entry.report
    number = entry.receipt.number if entry.receipt else ""
    short = initials.get(report.place.compound or "", "")
    place, board = report.place, report.institution
    return holds(wanted, place.said, place.landmark, number, short, board, report.note)


def tells(answer: Answer, wanted: str) -> bool:
    """The same of an answer about a report that this phone no longer holds."""
    return holds(wanted, answer.place, answer.number or "", answer.comment)


def holds(wanted: str, *texts: str) -> bool:
    text = "\n".join(_plain(one) for one in texts)
    return all(piece in text for piece in _plain(wanted).split())


def _plain(text: str) -> str:
    return normalize("NFKC", text).casefold()
