"""Finds among one's reports: by how they stand, and by pieces of place, number and note."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from unicodedata import normalize
from uuid import UUID

from contract.cases import CLOSED, CaseState
from contract.protocol import Answer
from fieldapp.report.entry import Entry, Stage


class ReportFilter(StrEnum):
    """How a worker sorts reports; the words stand in `words`."""

    ALL = "all"
    UNREAD = "unread"
    ASKED = "asked"
    HERE = "here"
    UNDER_WAY = "under_way"
    CLOSED = "closed"


# What the notebook can leave out by itself; `belongs` looks at the rest.
STAGES: dict[ReportFilter, tuple[Stage, ...]] = {
    ReportFilter.ALL: (),
    ReportFilter.UNREAD: (),
    ReportFilter.ASKED: (Stage.REVIEWED, Stage.REFUSED),
    ReportFilter.HERE: (Stage.DRAFT, Stage.SEALED, Stage.REFUSED),
    ReportFilter.UNDER_WAY: (Stage.DELIVERED, Stage.REVIEWED),
    ReportFilter.CLOSED: (Stage.REVIEWED, Stage.WITHDRAWN),
}


def needs_worker(entry: Entry) -> bool:
    """The worker has to do something: the bureau put a question, or did not take the report."""
    said = entry.answers[-1].state if entry.answers else ""
    return entry.stage is Stage.REFUSED or (
        entry.stage is Stage.REVIEWED and said == CaseState.RETURNED
    )


def belongs(entry: Entry, pile: ReportFilter, unread: Collection[UUID]) -> bool:
    if STAGES[pile] and entry.stage not in STAGES[pile]:
        return False
    if pile is ReportFilter.UNREAD:
        return entry.report.id in unread
    if pile is ReportFilter.ASKED:
        return needs_worker(entry)
    closed = bool(entry.answers) and entry.answers[-1].state in CLOSED
    if pile is ReportFilter.CLOSED:
        return closed or entry.stage is Stage.WITHDRAWN
    return not closed if pile is ReportFilter.UNDER_WAY else True


def entry_matches(entry: Entry, wanted: str, initials: Mapping[str, str]) -> bool:
    """Whether each piece of `wanted` is in its place, its receipt's number or its words; a place
    is also found by the pinyin initials of its compound."""
    report = entry.report
    number = entry.receipt.number if entry.receipt else ""
    short = initials.get(report.place.compound or "", "")
    place, board = report.place, report.institution
    return search_words(wanted, place.in_words, place.landmark, number, short, board, report.note)


def answer_matches(answer: Answer, wanted: str) -> bool:
    """The same of an answer about a report that this phone no longer holds."""
    return search_words(wanted, answer.place, answer.number or "", answer.comment)


def search_words(wanted: str, *texts: str) -> bool:
    text = "\n".join(_plain(one) for one in texts)
    return all(piece in text for piece in _plain(wanted).split())


def _plain(text: str) -> str:
    return normalize("NFKC", text).casefold()
