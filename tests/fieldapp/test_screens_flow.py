"""The logging flow on screen: from the amber button to the seal, and what stands in its way."""

from pathlib import Path

import flet as ft
import pytest

from contract.report import Kind
from fieldapp.ports import FixOutcome, Sighting
from fieldapp.report.entry import Stage
from tests.builders import a_fix
from tests.fieldapp.a_phone import Hands, Phone
from tests.fieldapp.headless import Headless

pytestmark = pytest.mark.asyncio


async def to_seen(app: Headless) -> None:
    for identifier in ("add", "building-1", "unit-1", "next"):
        await app.tap(identifier)


async def test_six_taps_and_no_typing_seal_a_report(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await to_seen(app)
        await app.tap("sign-POSTER")
        await app.seal()
        assert app.shows("sealed") and app.shows("undo")
    (entry,) = Phone(tmp_path).notebook.entries()
    place = entry.report.place
    assert entry.stage is Stage.SEALED
    assert (place.compound, place.building, place.unit) == ("yly", "3号楼", "2单元")
    assert (place.venue, entry.report.signs) == ("RESIDENTIAL", ("POSTER",))


async def test_a_killed_app_has_the_draft_again(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await to_seen(app)
        await app.tap("sign-POSTER")
    async with Phone(tmp_path) as again:
        await again.tap("resume")
        assert again.find("sign-POSTER").selected


async def test_a_draft_is_given_up_by_two_taps(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        for way in ("back", "back", "drop"):
            await app.tap(way)
        assert app.shows("resume") and app.says("再点一次，就不要了")
        await app.tap("drop")
        assert not app.shows("resume")
    assert Phone(tmp_path).notebook.entries() == []


async def test_whoever_goes_on_with_a_draft_is_asked_anew(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await to_seen(app)
        for way in ("back", "back", "drop", "resume", "back", "back"):
            await app.tap(way)
        assert app.shows("drop") and not app.says("再点一次，就不要了")


async def test_a_place_without_a_sign_is_told_where_it_is_missing(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await to_seen(app)
        await app.tap("seal")
        assert app.shows("flaw-signs") and app.says("至少选一个迹象")
        await app.tap("mend-seen")
        assert app.shows("sign-POSTER") and app.shows("flaw-signs")
        await app.tap("sign-POSTER")
        assert not app.shows("flaw-signs")


async def test_personal_data_is_quoted_and_cut_and_the_rest_stays(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        await app.tap("sign-POSTER")
        await app.tap("extras")
        await app.write("note", "18:30有学生进出 电话13912345678")
        await app.tap("seal")
        assert phone.state.draft.entry and "13912345678" in phone.state.draft.entry.report.note
        assert app.shows("slip-note") and app.says("不能写人")
        await app.tap("cut-note")
        assert "13912345678" not in phone.state.draft.entry.report.note
        assert "18:30有学生进出" in phone.state.draft.entry.report.note


def marks(phone: Phone) -> tuple[str, ...]:
    return phone.state.draft.entry.report.place_names if phone.state.draft.entry else ()


async def test_one_tap_says_that_a_name_is_that_of_a_place(tmp_path: Path) -> None:
    """The mark goes with the report, and goes away with the words that it stands on."""
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        await app.tap("sign-POSTER")
        await app.tap("extras")
        await app.write("note", "李家对面有灯")
        await app.tap("mark-note")
        assert marks(phone) == ("李家",)
        assert not app.shows("slip-note")
        await app.write("note", "对面有灯")
        assert marks(phone) == ()
        await app.write("note", "李家对面有灯")
        await app.tap("mark-note")
        await app.seal()
    report = phone.notebook.entries()[0].report
    assert (report.note, report.place_names) == ("李家对面有灯", ("李家",))


async def test_a_number_can_only_be_cut(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        await app.tap("extras")
        await app.write("note", "电话13912345678")
        assert app.shows("cut-note") and not app.shows("mark-note")
        await app.write("note", "李家电话13912345678")
        await app.tap("mark-note")
        assert app.shows("cut-note") and not app.shows("mark-note")
        await app.tap("cut-note")
        assert phone.state.draft.entry and phone.state.draft.entry.report.note == "李家"


async def test_a_name_that_the_bureau_knows_is_no_person(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        await app.tap("extras")
        places = phone.state.bureau.places
        known = places.compounds[0].model_copy(update={"aliases": ("王老师大楼",)})
        phone.state.bureau.places = places.changed(compounds=(known,))
        await app.write("note", "王老师大楼西侧")
        assert not app.shows("slip-note")
        assert phone.state.draft.entry and phone.state.draft.entry.report.place_names == ("王老师",)
        await app.write("note", "王老师大楼西侧，李老师")
        assert app.shows("slip-note")


async def test_a_room_of_a_home_in_a_note_is_cut_with_one_tap(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        await app.tap("sign-POSTER")
        await app.tap("extras")
        await app.write("note", "501室有灯，6点进去8名学生")
        assert app.shows("slip-note") and app.says("居民楼不写楼层房号")
        assert not app.shows("mark-note")
        await app.tap("cut-note")
        assert phone.state.draft.entry
        assert phone.state.draft.entry.report.note == "有灯，6点进去8名学生"
        assert not app.shows("slip-note")


async def test_a_place_that_becomes_a_home_loses_its_room(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await app.tap("add")
        await phone.state.place.elsewhere()
        await phone.state.place.choose_venue("OFFICE")
        for field, words in (
            ("place.landmark", "示例小学对面三楼"),
            ("place.building", "5号楼1单元501室"),
            ("place.unit", "1单元501"),
        ):
            await phone.state.draft.answer(field, words)
        await phone.state.place.choose_venue("RESIDENTIAL")
        assert phone.state.draft.entry
        place = phone.state.draft.entry.report.place
        assert (place.landmark, place.building, place.unit) == (
            "示例小学对面",
            "5号楼1单元",
            "1单元",
        )


async def test_what_is_typed_never_comes_back_to_its_field(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await to_seen(app)
        await app.tap("extras")
        await app.write("note", "门口有海报")
        await app.tap("sign-POSTER")
        field = next(part for part in app.all(ft.TextField) if part.multiline)
        assert field.value == "门口有海报"


@pytest.mark.parametrize(
    "sight", [FixOutcome.DENIED, FixOutcome.TIMED_OUT, FixOutcome.SWITCHED_OFF]
)
async def test_without_a_position_the_compound_is_picked_by_hand(
    tmp_path: Path, sight: FixOutcome
) -> None:
    async with Phone(tmp_path, Hands(sighting=Sighting(sight))) as app:
        await app.tap("add")
        assert app.shows("compound-0") and not app.shows("building-0")
        await app.tap("compound-0")
        assert app.shows("building-0")


@pytest.mark.parametrize(("metres", "word"), [(8, "准"), (35, "一般"), (120, "不准")])
async def test_accuracy_is_said_in_words(tmp_path: Path, metres: int, word: str) -> None:
    sighting = Sighting(FixOutcome.FOUND, a_fix(accuracy_m=metres))
    async with Phone(tmp_path, Hands(sighting=sighting)) as app:
        await app.tap("add")
        assert app.says(f"±{metres} 米 {word}")


async def test_a_mocked_position_is_named_and_chooses_nothing(tmp_path: Path) -> None:
    sighting = Sighting(FixOutcome.FOUND, a_fix(mock=True))
    async with Phone(tmp_path, Hands(sighting=sighting)) as app:
        await app.tap("add")
        assert app.says("模拟位置") and app.shows("compound-0")


async def test_another_compound_is_found_by_pinyin_initials(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await app.tap("add")
        await app.tap("change")
        await app.write("search", "sfg")
        assert app.shows("pick-sfgy") and not app.shows("pick-yly")
        await app.tap("pick-sfgy")
        assert app.says("示范公寓") and app.shows("floor")


async def test_a_home_asks_for_no_floor_and_no_room(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await app.tap("add")
        assert not app.shows("floor") and not app.shows("room")


async def test_nothing_seen_is_two_taps(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await app.tap("clear")
        await app.seal()
        assert app.says("已记未见异常")
        assert phone.notebook.entries()[0].report.kind is Kind.CLEAR
        assert phone.state.patrol.current and phone.state.patrol.current.visits[0].result == "CLEAR"


async def test_undo_brings_the_draft_back_and_nothing_leaves(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        await app.tap("sign-POSTER")
        await app.seal()
        assert phone.notebook.waiting() == 1
        await app.tap("undo")
        assert phone.notebook.waiting() == 0
        assert app.find("sign-POSTER").selected


async def test_a_fix_far_from_the_chosen_compound_is_asked_about_and_no_block(
    tmp_path: Path,
) -> None:
    hands = Hands(sighting=Sighting(FixOutcome.FOUND, a_fix(lat=a_fix().lat + 0.00372)))
    async with Phone(tmp_path, hands) as app:
        await app.tap("add")
        assert app.shows("far") and app.says("米，选对了吗")
        for identifier in ("building-1", "unit-1", "next", "sign-POSTER"):
            await app.tap(identifier)
        await app.seal()
        assert app.shows("sealed")
