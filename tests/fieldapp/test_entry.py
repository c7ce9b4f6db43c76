"""A report's life on the phone, step by step: what each step allows, and what it never swallows."""

from datetime import datetime, timedelta

import pytest

from contract import wire
from contract.cases import WORKER_MAY_EDIT
from contract.codelists import built_in
from contract.protocol import ArrivalKind, Outcome, Refusal
from contract.report import Withdrawal
from contract.rules import FlawCode
from fieldapp.report.entry import UNDO, Closed, Entry, EventKind, Stage, UnfitReport
from fieldapp.report.parcel import Parcel
from tests.builders import NOON, SERVER_NOON, a_photo, a_receipt, a_report, an_answer, an_entry

LISTS = built_in()
LATER = NOON + timedelta(minutes=5)


def sealed(entry: Entry | None = None) -> tuple[Entry, Parcel]:
    return (entry or an_entry()).sealed(NOON, LISTS)


def delivered() -> Entry:
    entry, parcel = sealed()
    return entry.delivered(a_receipt(parcel), LATER)


def test_a_seal_takes_the_next_revision_and_says_when() -> None:
    entry, parcel = sealed()
    assert (entry.stage, entry.report.revision) == (Stage.SEALED, 1)
    assert entry.report.sealed_at == parcel.sealed_at == NOON
    assert (parcel.kind, parcel.id, parcel.revision) == ("report", str(entry.report.id), 1)


def test_a_parcel_holds_the_very_bytes_its_digest_is_of() -> None:
    entry, parcel = sealed()
    thing = wire.parse_json(parcel.raw)
    assert thing == {"kind": "report", "body": wire.to_terse_json(entry.report)}
    assert wire.digest(thing) == parcel.digest


def test_an_unfit_report_is_not_sealed_and_says_why() -> None:
    with pytest.raises(UnfitReport) as unfit:
        sealed(an_entry(signs=()))
    assert [(flaw.field, flaw.code) for flaw in unfit.value.flaws] == [("signs", FlawCode.NO_SIGN)]
    assert "signs:no_sign" in str(unfit.value)


def test_a_seal_may_be_undone_for_ten_seconds() -> None:
    assert timedelta(seconds=10) == UNDO
    entry, _ = sealed()
    last = NOON + UNDO - timedelta(milliseconds=1)
    assert entry.undone(NOON).stage is entry.undone(last).stage is Stage.DRAFT


@pytest.mark.parametrize("now", [NOON + UNDO, NOON - timedelta(seconds=1)])
def test_a_seal_is_not_undone_later_nor_by_a_clock_that_jumped_back(now: datetime) -> None:
    entry, _ = sealed()
    with pytest.raises(Closed):
        entry.undone(now)


def test_only_a_seal_is_undone() -> None:
    with pytest.raises(Closed):
        an_entry().undone(NOON)
    with pytest.raises(Closed):
        delivered().undone(NOON)


def test_an_undone_revision_number_is_never_used_again() -> None:
    entry, first = sealed()
    again, second = entry.undone(NOON).sealed(NOON, LISTS)
    assert (again.report.revision, first.revision, second.revision) == (2, 1, 2)


def test_a_receipt_delivers_the_seal_it_is_about() -> None:
    entry = delivered()
    assert entry.stage is Stage.DELIVERED
    assert [line.what for line in entry.story] == [EventKind.SEALED, EventKind.DELIVERED]
    assert entry.story[-1].note == "R-0001"


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_means_that_the_bureau_has_it(outcome: Outcome) -> None:
    entry, parcel = sealed()
    got = entry.delivered(a_receipt(parcel, outcome=outcome), LATER)
    assert got.stage is Stage.DELIVERED
    assert got.receipt and got.receipt.outcome is outcome


def test_a_late_receipt_does_not_swallow_a_newer_draft() -> None:
    entry, parcel = sealed()
    edited = entry.answered("note", "门口有招牌")
    late = edited.delivered(a_receipt(parcel), LATER)
    assert (late.stage, late.report.note) == (Stage.DRAFT, "门口有招牌")
    assert late.receipt and late.receipt.revision == 1


def test_a_late_receipt_does_not_deliver_a_newer_seal() -> None:
    entry, first = sealed()
    newer, second = entry.answered("note", "门口有招牌").sealed(LATER, LISTS)
    late = newer.delivered(a_receipt(first), LATER)
    assert late.stage is Stage.SEALED
    assert late.delivered(a_receipt(second, 2), LATER).stage is Stage.DELIVERED


def test_the_same_receipt_twice_is_told_once() -> None:
    entry, parcel = sealed()
    once = entry.delivered(a_receipt(parcel), LATER)
    again = once.delivered(a_receipt(parcel, outcome=Outcome.HELD), LATER + timedelta(hours=1))
    assert again == once


def test_a_refusal_is_told_and_may_be_mended() -> None:
    entry, parcel = sealed()
    refused = entry.refused(refusal(parcel), LATER)
    assert (refused.stage, refused.story[-1].note) == (Stage.REFUSED, "unknown_code")
    mended, _ = refused.answered("note", "").sealed(LATER, LISTS)
    assert (mended.stage, mended.refusal, mended.report.revision) == (Stage.SEALED, None, 2)


def test_a_late_refusal_does_not_touch_a_newer_edit() -> None:
    entry, parcel = sealed()
    edited = entry.answered("note", "门口有招牌")
    newer, _ = edited.sealed(LATER, LISTS)
    assert edited.refused(refusal(parcel), LATER) == edited
    assert newer.refused(refusal(parcel), LATER) == newer


def test_an_answer_reviews_what_was_delivered() -> None:
    entry = delivered()
    reviewed = entry.reviewed(an_answer(entry.report.id))
    assert (reviewed.stage, reviewed.answers[0].state) == (Stage.REVIEWED, "20")
    assert reviewed.reviewed(an_answer(entry.report.id)) == reviewed


def test_an_answer_leaves_a_draft_a_draft_and_a_seal_sealed() -> None:
    entry, _ = sealed()
    answer = an_answer(entry.report.id, state="15")
    assert entry.reviewed(answer).stage is Stage.SEALED
    assert entry.answered("note", "").reviewed(answer).stage is Stage.DRAFT


@pytest.mark.parametrize("state", list(LISTS.lists["case_state"]))
def test_a_worker_edits_only_until_the_bureau_accepts(state: str) -> None:
    entry = delivered()
    entry = entry.reviewed(an_answer(entry.report.id, state=state))
    assert entry.editable is (state in WORKER_MAY_EDIT)
    if not entry.editable:
        with pytest.raises(Closed):
            entry.answered("note", "")
        with pytest.raises(Closed):
            entry.withdrawn(LATER)
        with pytest.raises(Closed):
            entry.sealed(LATER, LISTS)


def test_the_last_answer_says_whether_a_worker_may_edit() -> None:
    entry = delivered()
    asked_back = entry.reviewed(an_answer(entry.report.id, 1, state="15"))
    assert asked_back.editable
    assert not asked_back.reviewed(an_answer(entry.report.id, 2, state="20")).editable


def test_a_withdrawal_names_the_revision_that_it_takes_back() -> None:
    entry, parcel = delivered().withdrawn(LATER)
    body = wire.validate(Withdrawal, wire.parse_json(parcel.raw)["body"])
    assert (entry.stage, parcel.kind) == (Stage.WITHDRAWN, ArrivalKind.WITHDRAWAL)
    assert (body.id, body.revision, body.at) == (entry.report.id, 1, LATER)


def test_what_was_taken_back_stays_so() -> None:
    entry, parcel = delivered().withdrawn(LATER)
    assert entry.delivered(a_receipt(parcel, 2), LATER).stage is Stage.WITHDRAWN
    assert entry.reviewed(an_answer(entry.report.id)).stage is Stage.WITHDRAWN
    with pytest.raises(Closed):
        entry.answered("note", "")


def test_a_draft_that_was_never_sealed_is_dropped_not_withdrawn() -> None:
    with pytest.raises(Closed):
        an_entry().withdrawn(NOON)


def test_an_answer_changes_one_field_of_the_place() -> None:
    entry = an_entry().answered("place.unit", "1单元")
    assert (entry.report.place.unit, entry.report.place.building) == ("1单元", "3号楼")


def test_the_same_photo_twice_is_one() -> None:
    entry = (
        an_entry().with_photo(a_photo(1)).with_photo(a_photo(2)).with_photo(a_photo(1, what="SIGN"))
    )
    assert [photo.what for photo in entry.report.photos] == [None, "SIGN"]
    assert entry.without_photo(a_photo(1).sha256).report.photos == (a_photo(2),)


def test_a_copy_read_before_the_news_does_not_unwrite_it() -> None:
    held = delivered()
    old, _ = sealed(an_entry(id=held.report.id))
    held = held.reviewed(an_answer(held.report.id))
    kept = old.answered("note", "").with_news_of(held)
    assert (kept.receipt, kept.answers) == (held.receipt, held.answers)
    assert {line.what for line in kept.story} == {
        EventKind.SEALED,
        EventKind.DELIVERED,
        EventKind.ANSWERED,
    }


def test_a_refusal_after_the_receipt_changes_nothing() -> None:
    entry, parcel = sealed()
    held = entry.delivered(a_receipt(parcel), LATER)
    assert held.refused(refusal(parcel), LATER) == held


def test_an_entry_survives_the_notebook_with_keys_of_a_newer_app() -> None:
    entry = delivered().changed(mood="sunny")
    assert wire.decode(Entry, wire.encode(entry)) == entry
    assert b"sunny" in wire.encode(entry)


def refusal(parcel: Parcel) -> Refusal:
    return Refusal(digest=parcel.digest, revision=parcel.revision, code="unknown_code")


def test_a_later_receipt_is_the_one_that_is_kept() -> None:
    entry, first = sealed()
    newer, second = entry.answered("note", "").sealed(LATER, LISTS)
    early, late = a_receipt(first), a_receipt(second, 2, at=SERVER_NOON + UNDO)
    one = newer.delivered(early, LATER)
    other = one.delivered(late, LATER)
    assert one.with_news_of(other).receipt == other.with_news_of(one).receipt == late
    assert newer.delivered(late, LATER).delivered(early, LATER).receipt == late


def test_a_new_receipt_for_the_same_bytes_is_the_one_that_counts() -> None:
    """The bureau had forgotten the first, and gave another number."""
    entry, parcel = sealed()
    first, second = a_receipt(parcel), a_receipt(parcel, 4, at=SERVER_NOON - UNDO)
    held = entry.delivered(first, LATER)
    again = held.delivered(second, LATER)
    assert again.receipt == second
    assert [line.note for line in again.story if line.what is EventKind.DELIVERED] == [
        "R-0001",
        "R-0004",
    ]
    assert held.with_news_of(again).receipt == again.with_news_of(held).receipt == second


def test_a_withdrawal_stays_the_last_word_when_its_report_is_receipted_again() -> None:
    entry, parcel = sealed()
    withdrawn, back = entry.delivered(a_receipt(parcel), LATER).withdrawn(LATER)
    done = withdrawn.delivered(a_receipt(back, 2), LATER)
    assert done.delivered(a_receipt(parcel), LATER) == done


def test_what_the_bureau_forgot_waits_again_and_is_as_before_once_it_is_back() -> None:
    entry = delivered()
    reviewed = entry.reviewed(an_answer(entry.report.id, state="15"))
    for known in (entry, reviewed):
        waiting = known.forgotten(1)
        assert waiting.stage is Stage.SEALED
        assert known.receipt
        assert waiting.delivered(known.receipt, LATER) == known
        assert waiting.refused(Refusal(digest="0" * 64, code="gone"), LATER).stage is Stage.REFUSED


def test_what_the_bureau_forgot_undrafts_no_draft_and_brings_back_nothing_withdrawn() -> None:
    entry = delivered()
    edited, (withdrawn, _) = entry.answered("note", ""), entry.withdrawn(LATER)
    assert edited.forgotten(1) == edited
    assert withdrawn.forgotten(1) == withdrawn
    assert entry.forgotten(2) == entry  # that revision is another parcel


def test_an_answer_the_bureau_lost_no_longer_counts_and_stays_in_the_story() -> None:
    entry = delivered()
    asked_back = entry.reviewed(an_answer(entry.report.id, 1, state="15"))
    closed = asked_back.reviewed(an_answer(entry.report.id, 2, state="20"))
    reopened = closed.unanswered({2})
    assert (reopened.stage, reopened.answers) == (Stage.REVIEWED, asked_back.answers)
    assert reopened.editable and reopened.story == closed.story
    assert reopened.unanswered({1}).stage is Stage.DELIVERED
    assert entry.unanswered({1, 2}) == entry


def test_a_copy_read_before_an_answer_was_lost_does_not_bring_it_back() -> None:
    entry = delivered()
    stale = entry.reviewed(an_answer(entry.report.id, 1, state="20"))
    held = stale.unanswered({1})
    assert stale.with_news_of(held).answers == held.with_news_of(stale).answers == ()
    other = held.reviewed(an_answer(entry.report.id, 1, state="15"))
    assert stale.with_news_of(other).answers == other.answers


def test_a_purged_photo_leaves_the_entry_where_it_stands() -> None:
    entry = an_entry().with_photo(a_photo(1)).with_photo(a_photo(2)).changed(stage=Stage.REFUSED)
    assert entry.without_purged_photo(a_photo(1).sha256).report.photos == (a_photo(2),)
    assert entry.without_purged_photo(a_photo(1).sha256).stage is Stage.REFUSED


def test_a_report_built_for_tests_is_fit() -> None:
    assert sealed(Entry(report=a_report(photos=(a_photo(),))))


def test_an_edit_overtaken_by_acceptance_is_no_draft_any_more() -> None:
    entry, _ = an_entry().sealed(NOON, built_in())
    edited = entry.answered("note", "门口有课表")
    assert edited.reviewed(an_answer(entry.report.id, state="15")).stage is Stage.DRAFT
    assert edited.reviewed(an_answer(entry.report.id, state="20")).stage is Stage.REVIEWED
