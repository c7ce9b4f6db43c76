"""What is found among one's reports, and what the bureau said that nobody has read."""

from itertools import permutations
from uuid import UUID

import pytest

from fieldapp.memory.unread import UnreadAnswers
from fieldapp.report.entry import Entry, Stage
from fieldapp.state.search import (
    STAGES,
    ReportFilter,
    answer_matches,
    entry_matches,
    needs_worker,
    passes_filter,
)
from tests.builders import a_name, a_parcel, a_place, a_receipt, an_answer, an_entry

INITIALS = {"yly": "yly"}


def reviewed(state: str) -> Entry:
    entry = an_entry()
    answer = an_answer(entry.report.id, state=state)
    return entry.changed(stage=Stage.REVIEWED, answers=(answer,))


def test_each_pile_has_its_stages() -> None:
    assert set(STAGES) == set(ReportFilter)


@pytest.mark.parametrize(
    ("state", "pile"),
    [("15", ReportFilter.ASKED), ("40", ReportFilter.UNDER_WAY), ("29", ReportFilter.CLOSED)],
)
def test_an_answered_report_lies_where_its_last_answer_puts_it(
    state: str, pile: ReportFilter
) -> None:
    entry = reviewed(state)
    assert passes_filter(entry, pile, ()) and passes_filter(entry, ReportFilter.ALL, ())
    others = {ReportFilter.CLOSED, ReportFilter.ASKED, ReportFilter.HERE} - {pile}
    assert not any(passes_filter(entry, other, ()) for other in others)


def test_what_is_sealed_and_not_at_the_bureau_is_still_here_and_a_draft_is_among_drafts() -> None:
    for stage, pile in (
        (Stage.DRAFT, ReportFilter.DRAFTS),
        (Stage.SEALED, ReportFilter.HERE),
        (Stage.REFUSED, ReportFilter.HERE),
    ):
        entry = an_entry().changed(stage=stage)
        piles = {
            one for one in (ReportFilter.DRAFTS, ReportFilter.HERE) if passes_filter(entry, one, ())
        }
        assert piles == {pile}, stage


def test_every_report_lies_in_some_pile_besides_all() -> None:
    for stage in Stage:
        entry = reviewed("20").changed(stage=stage)
        assert any(
            passes_filter(entry, pile, ()) for pile in set(ReportFilter) - {ReportFilter.ALL}
        ), stage


def test_unread_is_what_the_mailbox_says() -> None:
    entry = reviewed("40")
    assert passes_filter(entry, ReportFilter.UNREAD, {entry.report.id})
    assert not passes_filter(entry, ReportFilter.UNREAD, ())


def test_a_report_that_was_not_taken_asks_for_something() -> None:
    assert needs_worker(an_entry().changed(stage=Stage.REFUSED)) and needs_worker(reviewed("15"))
    assert not needs_worker(reviewed("15").changed(stage=Stage.SEALED))  # the answer is on its way


@pytest.mark.parametrize(
    "wanted", ["样例", "3号楼", "样例苑 2单元", "yly", "YLY", "r-0001", "门口", "３号", ""]
)
def test_a_report_is_found_by_place_number_and_note(wanted: str) -> None:
    place = a_place(compound="yly", compound_name="样例苑", building="3号楼", unit="2单元")
    entry = an_entry(place=place, note="门口张贴广告")
    entry = entry.changed(receipt=a_receipt(a_parcel()))
    assert entry_matches(entry, wanted, INITIALS)
    assert not entry_matches(entry, f"{wanted} 别处", INITIALS)


def test_an_answer_without_its_report_is_found_by_place() -> None:
    answer = an_answer(a_name(), place="样例苑 3号楼", number="9999-000011")
    assert (
        answer_matches(answer, "3号楼")
        and answer_matches(answer, "000011")
        and not answer_matches(answer, "示范")
    )


def test_the_last_answer_says_whether_something_is_asked() -> None:
    one, other = UUID(int=1), UUID(int=2)
    box = UnreadAnswers().with_answers(
        [an_answer(one, 1, state="15"), an_answer(other, 2, state="20")]
    )
    assert box.unread == (one, other) and box.asked == (one,)
    assert box.with_answers([an_answer(one, 3, state="20")]).asked == ()


def test_reading_in_any_order_empties_the_mailbox() -> None:
    reports = [UUID(int=n) for n in range(3)]
    full = UnreadAnswers().with_answers(
        an_answer(report, n + 1) for n, report in enumerate(reports)
    )
    for order in permutations(reports):
        box = full
        for report in order:
            box = box.without(report)
        assert box == UnreadAnswers()
