"""Phones that are not as one expects: elsewhere, without position or camera, shut, in English."""

import io

import pytest
from PIL import Image, ImageChops

from sync_server.store.schema import suggestions
from tests.journeys.a_town import Town
from tests.journeys.days import PLACE, SITE, SLOW_MS, logged, one, rows, taps, town, until
from tests.journeys.worker import Worker

__all__ = ["one", "town"]
pytestmark = pytest.mark.browser
CHANGED = 60  # of 255: more than what coding a JPEG changes
MIDDLE = (0.3, 0.7)  # of a side: where the first mask is set


def test_another_compound_is_found_by_its_first_letters(town: Town, one: Worker) -> None:
    taps(one, "add", "change")
    one.phone.write("search", "sfgy")
    way = ("pick-c002", "building-0", "unit-0", "next", "sign-POSTER", "seal")
    assert logged(town, one, *way).place == "示范公寓 1号楼1单元"


def test_a_worker_without_a_position_names_the_place(town: Town) -> None:
    with town.worker(allowed=["camera"]) as one:
        taps(one, "add")
        one.phone.at("compound-0").first.wait_for(state="attached", timeout=SLOW_MS)
        way = ("compound-0", "building-0", "unit-0", "next", "sign-POSTER", "seal")
        body = logged(town, one, *way).body
        assert body["fix"] is None and body["place"]["compound"]


def test_a_worker_who_denies_the_camera_seals_without_a_photo(town: Town) -> None:
    with town.worker(allowed=["geolocation"]) as one:
        taps(one, *PLACE, "sign-POSTER", "photo")
        one.phone.expect_text("notice", "相机", timeout_ms=SLOW_MS)
        assert logged(town, one, "no-photo", "seal").body["photos"] == []


def test_what_is_masked_by_hand_arrives_masked(town: Town, one: Worker) -> None:
    """Two masks, of which the second is taken away again: the first is there, and nothing else."""
    taps(one, *PLACE, "sign-POSTER", "photo", "shutter")
    one.phone.at("use").wait_for(state="attached", timeout=SLOW_MS)
    taps(one, "use", "photo", "shutter")
    one.phone.at("use").wait_for(state="attached", timeout=SLOW_MS)
    for tap, count in (("mask-add", "1 处"), ("mask-add", "2 处"), ("mask-remove", "1 处")):
        one.phone.tap(tap)
        one.phone.expect_text("mask-count", count)
    record = logged(town, one, "use", "seal")
    one.phone.expect_text("sync", "已同步", timeout_ms=SLOW_MS)  # its photos, too
    bare, masked = (opened(town, photo["sha256"]) for photo in record.body["photos"])
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
    until(one, lambda: rows(town, suggestions))
    (came,) = rows(town, suggestions)
    assert (came.author, came.text) == ("wg0301", "按钮再大一点")


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


def test_notices_and_tasks_stand_on_home_until_they_were_seen(town: Town, one: Worker) -> None:
    for news in ("notices", "tasks"):
        one.phone.at(f"new-{news}").wait_for(state="attached", timeout=SLOW_MS)
        taps(one, f"new-{news}", "back")
        assert not one.phone.shows(f"new-{news}", timeout_ms=500)
    one.phone.open(town.address)
    one.phone.at("add").wait_for(state="attached")
    assert not one.phone.shows("new-notices", timeout_ms=500)


def test_a_page_draws_in_one_thread(one: Worker) -> None:
    """Two of them set letters with one FreeType, and stood still (decision 0025)."""
    assert one.phone.page.evaluate("crossOriginIsolated") is False
    assert one.phone.page.workers == []
