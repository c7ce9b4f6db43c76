"""Finds among one's reports: by how they stand, and by parts of place, number and note."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from uuid import UUID

from contract.cases import CLOSED, CaseState
from contract.protocol import Answer
from contract.search_text import found_in
from fieldapp.report.entry import Entry, Stage


class ReportFilter(StrEnum):
    """How a worker filters reports; the words of each are `pile.…`."""

    ALL = "all"
    UNREAD = "unread"
    ASKED = "asked"
    DRAFTS = "drafts"
    HERE = "here"
    UNDER_WAY = "under_way"
    CLOSED = "closed"


# The stages that the notebook is asked for (all if none); `passes_filter` checks the rest.
STAGES: dict[ReportFilter, tuple[Stage, ...]] = {
    ReportFilter.ALL: (),
    ReportFilter.UNREAD: (),
    ReportFilter.ASKED: (Stage.REVIEWED, Stage.REFUSED),
    ReportFilter.DRAFTS: (Stage.DRAFT,),
    ReportFilter.HERE: (Stage.SEALED, Stage.REFUSED),
    ReportFilter.UNDER_WAY: (Stage.DELIVERED, Stage.REVIEWED),
    ReportFilter.CLOSED: (Stage.REVIEWED, Stage.WITHDRAWN),
}


def needs_worker(entry: Entry) -> bool:
    """The worker has to do something: the bureau asked a question, or refused the report."""
    return entry.stage is Stage.REFUSED or (
        entry.stage is Stage.REVIEWED and entry.case_state == CaseState.RETURNED
    )


def passes_filter(entry: Entry, chosen: ReportFilter, unread: Collection[UUID]) -> bool:
    if STAGES[chosen] and entry.stage not in STAGES[chosen]:
        return False
    if chosen is ReportFilter.UNREAD:
        return entry.report.id in unread
    if chosen is ReportFilter.ASKED:
        return needs_worker(entry)
    closed = entry.case_state in CLOSED
    if chosen is ReportFilter.CLOSED:
        return closed or entry.stage is Stage.WITHDRAWN
    return not closed if chosen is ReportFilter.UNDER_WAY else True


def entry_matches(entry: Entry, wanted: str, initials: Mapping[str, str]) -> bool:
    """Whether each part of `wanted` is in its place, its receipt's number, its institution or its
    note; a place is also found by the pinyin initials of its compound."""
    report = entry.report
    number = entry.receipt.number if entry.receipt else ""
    short = initials.get(report.place.compound or "", "")
    place, board = report.place, report.institution
    return found_in(wanted, place.in_words, place.landmark, number, short, board, report.note)


def answer_matches(answer: Answer, wanted: str) -> bool:
    """The same for an answer about a report that this phone no longer holds."""
    return found_in(wanted, answer.place, answer.number or "", answer.comment)
