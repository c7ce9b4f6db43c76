"""What a worker comes to on other days: second thoughts, questions, things denied, words to cut.
Each on a phone of its own, in one town; what the bureau holds in the end is looked at, too."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image, ImageChops
from sqlalchemy import Row, Table, select

from sync_server import review
from sync_server.cases import Decision
from sync_server.store.schema import records, suggestions
from tests.journeys import tour
from tests.journeys.a_town import Town, a_town
from tests.journeys.conftest import DESK
from tests.journeys.worker import Worker

pytestmark = pytest.mark.browser
PLACE = ("add", "building-2", "unit-1", "next")
SITE = (*PLACE, "sign-POSTER", "seal")
CHANGED = 60  # of 255: more than what coding a JPEG changes
MIDDLE = (0.3, 0.7)  # of a side: where the first mask is set
SLOW_MS = 45_000  # ten seconds of undo, the road, and a machine that does other things besides


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_town(tmp_path_factory.mktemp("town")) as found:
        yield found


@pytest.fixture
def one(town: Town) -> Iterator[Worker]:
    with town.worker() as found:
        yield found
        assert found.strangers == []


def taps(one: Worker, *names: str) -> None:
    for name in names:
        one.phone.go(name)


def arrived(one: Worker) -> None:
    """All that this phone had."""
    one.phone.expect_text("sync", "已同步", timeout_ms=SLOW_MS)


def open_the_report(one: Worker) -> None:
    taps(one, "reports", tour.first_report(one.phone))


def hear(one: Worker, report: str, words: str) -> None:
    """Asks the bureau, and stands on home again once the answer is there."""
    taps(one, "sync")
    one.phone.tap("retry")
    taps(one, "back")
    one.phone.expect_text(report, words, timeout_ms=SLOW_MS)


def rows(town: Town, table: Table) -> list[Row[Any]]:
    with town.bureau.store.reading() as tx:
        return list(tx.run(select(table)).all())


def decide(town: Town, record: Row[Any], to: str, comment: str = "") -> None:
    said = Decision(to, record.state, record.revision, comment=comment)
    review.decide(town.bureau.store, DESK, record.id, said, datetime.now(UTC))


def newest(town: Town) -> Row[Any]:
    return max(rows(town, records), key=lambda row: row.seq)


def test_a_seal_is_taken_back_within_ten_seconds_and_never_leaves(town: Town, one: Worker) -> None:
    before = len(rows(town, records))
    taps(one, *SITE, "undo")
    one.phone.at("sign-SIGNBOARD").first.wait_for(state="attached")  # open again where it was
    taps(one, "back", "back")
    arrived(one)
    one.phone.page.wait_for_timeout(11_000)  # it would have left by now
    assert len(rows(town, records)) == before
    assert one.phone.shows("resume")


def test_a_report_is_mended_until_the_bureau_has_decided(town: Town, one: Worker) -> None:
    taps(one, *SITE)
    arrived(one)
    open_the_report(one)
    taps(one, "mend", "sign-SIGNBOARD", "seal")
    arrived(one)
    record = newest(town)
    assert (record.revision, record.body["signs"]) == (2, ["POSTER", "SIGNBOARD"])
    decide(town, record, "20")
    hear(one, f"report-{record.id}", "已受理")
    taps(one, "reports", f"report-{record.id}")
    assert not one.phone.at("mend").count() and not one.phone.at("withdraw").count()


def test_a_report_is_withdrawn_in_two_taps_and_stays_at_the_bureau_as_withdrawn(
    town: Town, one: Worker
) -> None:
    taps(one, *SITE)
    arrived(one)
    open_the_report(one)
    one.phone.tap("withdraw")
    one.phone.page.get_by_text("再点一次撤回").first.wait_for()
    taps(one, "withdraw", "back", "back")
    arrived(one)
    assert newest(town).withdrawn_at


def test_a_question_of_the_bureau_is_answered_with_a_note(town: Town, one: Worker) -> None:
    taps(one, *SITE)
    arrived(one)
    report = f"report-{newest(town).id}"
    decide(town, newest(town), "15", "几楼的门口?")
    hear(one, report, "待补充")
    taps(one, "questions", report)
    one.phone.expect_text("question", "几楼的门口")
    taps(one, "mend")
    one.phone.write("note", "一楼单元门旁")
    taps(one, "seal")
    arrived(one)
    record = newest(town)
    assert (record.body["note"], record.state) == ("一楼单元门旁", "10")


def test_nothing_seen_is_said_in_two_taps(town: Town, one: Worker) -> None:
    one.phone.taps = 0
    taps(one, "clear", "seal")
    assert one.phone.taps == 2
    arrived(one)
    assert (newest(town).kind, newest(town).body["signs"]) == ("CLEAR", [])


def test_a_number_in_a_note_is_marked_and_cut_in_one_tap(town: Town, one: Worker) -> None:
    taps(one, *PLACE, "sign-POSTER", "extras")
    one.phone.write("note", "牌子上写13800138000晚托")
    one.phone.expect_text("slip-note", "13800138000")
    taps(one, "cut-note")
    taps(one, "seal")
    arrived(one)
    assert "1380" not in str(newest(town).body)
    assert "晚托" in newest(town).body["note"]


def test_another_compound_is_found_by_its_first_letters(town: Town, one: Worker) -> None:
    taps(one, "add", "change")
    one.phone.write("search", "sfgy")
    taps(one, "pick-c002", "building-0", "unit-0", "next", "sign-POSTER", "seal")
    arrived(one)
    assert newest(town).place == "示范公寓 1号楼1单元"


def test_a_worker_without_a_position_names_the_place(town: Town) -> None:
    with town.worker(allowed=["camera"]) as one:
        taps(one, "add")
        one.phone.at("compound-0").first.wait_for(state="attached", timeout=SLOW_MS)
        taps(one, "compound-0", "building-0", "unit-0", "next", "sign-POSTER", "seal")
        arrived(one)
        body = newest(town).body
        assert body["fix"] is None and body["place"]["compound"]


def test_a_worker_who_denies_the_camera_seals_without_a_picture(town: Town) -> None:
    with town.worker(allowed=["geolocation"]) as one:
        taps(one, *PLACE, "sign-POSTER", "photo")
        one.phone.expect_text("notice", "相机", timeout_ms=SLOW_MS)
        taps(one, "no-photo", "seal")
        arrived(one)
        assert newest(town).body["photos"] == []


def test_what_is_masked_by_hand_arrives_masked(town: Town, one: Worker) -> None:
    """Two masks, of which the second is taken away again: the first is there, and nothing else."""
    taps(one, *PLACE, "sign-POSTER", "photo", "shutter")
    one.phone.at("use").wait_for(state="attached", timeout=SLOW_MS)
    taps(one, "use", "photo", "shutter")
    one.phone.at("use").wait_for(state="attached", timeout=SLOW_MS)
    for tap, count in (("mask-add", "1 处"), ("mask-add", "2 处"), ("mask-remove", "1 处")):
        one.phone.tap(tap)
        one.phone.expect_text("mask-count", count)
    taps(one, "use", "seal")
    arrived(one)
    bare, masked = (opened(town, photo["sha256"]) for photo in newest(town).body["photos"])
    changed = ImageChops.difference(bare, masked).point(lambda value: 255 * (value > CHANGED))
    left, top, right, bottom = changed.getbbox() or (0, 0, 0, 0)
    width, height = changed.size
    assert MIDDLE[0] < left / width < right / width < MIDDLE[1]
    assert MIDDLE[0] < top / height < bottom / height < MIDDLE[1]


def opened(town: Town, sha256: str) -> Image.Image:
    return Image.open(io.BytesIO(town.bureau.photo(sha256))).convert("L")


def test_words_and_states_find_a_report(one: Worker) -> None:
    taps(one, *SITE)
    taps(one, "add", "building-0", "unit-0", "next", "sign-SIGNBOARD", "seal")
    taps(one, "reports", "find")
    one.phone.write("wanted", "1号楼")
    cards = one.phone.page.locator('[flt-semantics-identifier^="report-"]')
    one.phone.page.wait_for_function(
        "() => document.querySelectorAll('[flt-semantics-identifier^=\"report-\"]').length === 1"
    )
    assert "1号楼" in one.phone.said(str(cards.first.get_attribute("flt-semantics-identifier")))
    taps(one, "pile-closed")
    one.phone.at("empty").wait_for(state="attached")


def test_a_suggestion_goes_straight_to_the_bureau(town: Town, one: Worker) -> None:
    taps(one, "settings", "suggest")
    one.phone.write("suggestion", "按钮再大一点")
    taps(one, "send")
    one.phone.page.wait_for_timeout(500)
    for _ in range(100):
        if any(row.text == "按钮再大一点" for row in rows(town, suggestions)):
            return
        one.phone.page.wait_for_timeout(300)
    raise AssertionError("it did not come")


def test_a_pin_hides_everything_and_a_wrong_one_opens_nothing(town: Town, one: Worker) -> None:
    taps(one, *SITE)
    taps(one, "settings", "lock", "pin-set")
    for digit in "24682468":
        one.phone.tap(f"digit-{digit}")
        one.phone.page.wait_for_timeout(250)
    one.phone.expect_text("said", "密码已设好")
    one.phone.open(town.address)
    one.phone.at("digit-1").wait_for(state="attached")
    assert not one.phone.at("add").count()
    for digit in "1111":
        one.phone.tap(f"digit-{digit}")
    one.phone.page.get_by_text("密码不对").first.wait_for(timeout=SLOW_MS)
    for digit in "2468":
        one.phone.tap(f"digit-{digit}")
    one.phone.at("add").wait_for(state="attached", timeout=SLOW_MS)


def across(one: Worker, name: str) -> float:
    box = one.phone.at(name).bounding_box()
    assert box, name
    return box["x"]


def test_language_and_hand_are_kept_over_a_restart(town: Town, one: Worker) -> None:
    assert across(one, "reports") > across(one, "clear")  # what is used most lies under the thumb
    taps(one, "settings", "language-en", "left_handed-true", "back")
    one.phone.open(town.address)
    one.phone.at("reports").wait_for(state="attached")
    one.phone.expect_text("add", "Log")
    assert across(one, "reports") < across(one, "clear")
