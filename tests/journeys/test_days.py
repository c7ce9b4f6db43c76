"""What becomes of a report on other days: taken back, mended, withdrawn, asked about, cut."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Row

from sync_server.casework import review
from sync_server.domain.decisions import Decision
from sync_server.store.schema import records
from tests.journeys import tour
from tests.journeys.a_town import Town
from tests.journeys.conftest import DESK
from tests.journeys.days import (
    PLACE,
    SITE,
    SLOW_MS,
    logged,
    newest,
    one,
    rows,
    taps,
    town,
    until,
)
from tests.journeys.worker import Worker

__all__ = ["one", "town"]
pytestmark = pytest.mark.browser


def open_the_report(one: Worker) -> None:
    taps(one, "reports", tour.first_report(one.phone))


def hear(one: Worker, report: str, words: str) -> None:
    """Asks the bureau, and stands on home again once the answer is there."""
    taps(one, "sync")
    one.phone.tap("retry")
    taps(one, "back")
    one.phone.expect_text(report, words, timeout_ms=SLOW_MS)


def decide(town: Town, record: Row[Any], to: str, comment: str = "") -> None:
    said = Decision(to, record.state, record.revision, comment=comment)
    review.decide(town.bureau.store, DESK, record.id, said, datetime.now(UTC))


def test_a_seal_is_taken_back_within_ten_seconds_and_never_leaves(town: Town, one: Worker) -> None:
    before = len(rows(town, records))
    taps(one, *SITE, "undo")
    one.phone.at("sign-SIGNBOARD").first.wait_for(state="attached")  # open again where it was
    taps(one, "back", "back")
    one.phone.page.wait_for_timeout(11_000)  # it would have left by now
    assert len(rows(town, records)) == before
    assert one.phone.shows("resume")


def test_a_report_is_mended_until_the_bureau_has_decided(town: Town, one: Worker) -> None:
    logged(town, one, *SITE)
    open_the_report(one)
    taps(one, "mend", "sign-SIGNBOARD", "seal")
    until(one, lambda: newest(town).revision == 2)
    record = newest(town)
    assert record.body["signs"] == ["POSTER", "SIGNBOARD"]
    decide(town, record, "20")
    hear(one, f"report-{record.id}", "已受理")
    taps(one, "reports", f"report-{record.id}")
    assert not one.phone.at("mend").count() and not one.phone.at("withdraw").count()


def test_a_report_is_withdrawn_in_two_taps_and_stays_at_the_bureau_as_withdrawn(
    town: Town, one: Worker
) -> None:
    record = logged(town, one, *SITE)
    open_the_report(one)
    one.phone.tap("withdraw")
    one.phone.page.get_by_text("再点一次撤回").first.wait_for()
    taps(one, "withdraw")
    until(one, lambda: newest(town).withdrawn_at)
    assert newest(town).id == record.id


def test_a_question_of_the_bureau_is_answered_with_a_note(town: Town, one: Worker) -> None:
    asked = logged(town, one, *SITE)
    report = f"report-{asked.id}"
    decide(town, asked, "15", "几楼的门口？")
    hear(one, report, "待补充")
    taps(one, "questions")
    one.phone.expect_text("question", "几楼的门口")
    one.phone.write("note", "单元门旁")
    taps(one, "seal")
    until(one, lambda: newest(town).revision == 2)
    record = newest(town)
    assert (record.id, record.state) == (asked.id, "10")
    assert record.body["note"] == "单元门旁"


def test_nothing_seen_is_said_in_two_taps(town: Town, one: Worker) -> None:
    one.phone.taps = 0
    record = logged(town, one, "clear", "seal")
    assert one.phone.taps == 2
    assert (record.kind, record.body["signs"]) == ("CLEAR", [])


def test_a_number_in_a_note_is_marked_and_cut_in_one_tap(town: Town, one: Worker) -> None:
    taps(one, *PLACE, "sign-POSTER", "extras")
    one.phone.write("note", "牌子上写13800138000晚托")
    one.phone.expect_text("slip-note", "13800138000")
    taps(one, "cut-note")
    record = logged(town, one, "seal")
    assert "1380" not in str(record.body)
    assert "晚托" in record.body["note"]
