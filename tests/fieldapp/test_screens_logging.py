"""Logging, faster: tiles in the order of use, the same place again, an ad, a slip, a question."""

from pathlib import Path

import flet as ft
import pytest

from contract.report import Kind
from fieldapp.widgets.text_field import BELOW
from tests.builders import an_answer
from tests.fieldapp.a_phone import Phone
from tests.fieldapp.headless import Headless
from tests.fieldapp.test_screens_flow import to_seen

pytestmark = pytest.mark.asyncio
SLIP = "18:30有学生进出 电话13912345678"


async def sealed(app: Headless, *signs: str) -> None:
    await to_seen(app)
    for sign in signs:
        if not app.shows(f"sign-{sign}"):
            await app.tap("sign-more")
        await app.tap(f"sign-{sign}")
    await app.seal()


def tiles(app: Headless, name: str) -> list[str]:
    found = [part.identifier or "" for part in app.all(ft.Semantics)]
    return [one for one in found if one.startswith(f"{name}-") and not one.endswith("-more")]


async def test_signs_and_disguises_are_pictograms_with_words(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await to_seen(app)
        for name in ("sign-POSTER", "disguise-ONE_ON_ONE"):
            assert app.below(app.find(name), ft.Icon)


async def test_what_was_chosen_last_time_stands_first(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await sealed(app, "FEE_INFO")
        await to_seen(app)
        assert tiles(app, "sign")[0] == "sign-FEE_INFO"


async def test_tiles_do_not_move_while_they_are_tapped(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await to_seen(app)
        before = tiles(app, "sign")
        await app.tap("sign-DESKS_VISIBLE")
        assert tiles(app, "sign") == before


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("sign", ("SIGNBOARD", "POSTER", "SCHEDULE", "DESKS_VISIBLE")),
        ("disguise", ("ONE_ON_ONE", "SMALL_GROUP", "LIVE_IN_TUTOR", "CROWDFUNDED")),
    ],
)
async def test_a_fourth_one_is_told_and_not_taken(
    tmp_path: Path, name: str, codes: tuple[str, ...]
) -> None:
    async with Phone(tmp_path) as app:
        await to_seen(app)
        for code in codes:
            await app.tap(f"{name}-{code}")
        assert app.says("选得太多") and not app.find(f"{name}-{codes[3]}").selected


async def test_a_second_report_of_one_place_takes_four_taps(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await sealed(app, "POSTER")
        await app.tap("add")
        assert app.says("同上一处：样例苑 3号楼2单元")
        await app.tap("same-place")
        await app.tap("sign-SIGNBOARD")
        await app.seal()
        first, second = phone.notebook.entries()
        assert first.report.place == second.report.place
        assert (first.report.id != second.report.id) and first.report.fix


async def test_the_same_place_is_not_offered_without_one_nor_beside_a_chosen_door(
    tmp_path: Path,
) -> None:
    async with Phone(tmp_path) as app:
        await app.tap("add")
        assert not app.shows("same-place")
        await app.tap("back")
        await sealed(app, "POSTER")
        await app.tap("add")
        await app.tap("building-0")
        assert not app.shows("same-place")


async def test_an_ad_has_a_short_form_of_its_own(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await app.tap("start-patrol")
        for identifier in ("ad", "building-1", "next"):
            await app.tap(identifier)
        assert (
            app.says("广告：看到什么")
            and app.says("疑似广告")
            and not app.shows("count-B1")
            and not app.shows("extras")
        )
        assert set(tiles(app, "sign")) == {
            "sign-SIGNBOARD",
            "sign-POSTER",
            "sign-SCHEDULE",
            "sign-FEE_INFO",
        }
        await app.tap("sign-POSTER")
        await app.write("institution", "示例培训中心")
        await app.seal()
        report = phone.notebook.entries()[0].report
        assert (report.kind, report.signs) == (Kind.AD, ("POSTER",))
        assert report.institution == "示例培训中心"


async def test_a_slip_is_marked_while_it_is_typed_and_one_tap_cuts_it(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        await app.tap("extras")
        await app.write("note", "18:30有学生进出")
        assert not app.shows("slip-note")
        await app.write("note", SLIP)
        spans = [
            span for text in app.below(app.find("slip-note"), ft.Text) for span in _spans(text)
        ]
        assert ("13912345678", ft.TextDecoration.UNDERLINE) in spans
        await app.tap("cut-note")
        assert not app.shows("slip-note")
        assert phone.state.draft.entry and phone.state.draft.entry.report.note == "18:30有学生进出"
        field = next(part for part in app.all(ft.TextField) if part.multiline)
        assert field.value == "18:30有学生进出"


def _spans(text: ft.Text) -> list[tuple[str, object]]:
    return [
        (span.text or "", span.style.decoration if span.style else None)
        for span in text.spans or ()
    ]


async def test_a_slip_stands_below_its_text_and_covers_no_action(tmp_path: Path) -> None:
    """Neither the three lines, which no photo is taken past (rule L5), nor a button goes away."""
    async with Phone(tmp_path) as app:
        await to_seen(app)
        await app.tap("extras")
        before = [name for name in app.identifiers() if name not in ("note", "institution")]
        for field in ("note", "institution"):
            await app.write(field, SLIP)
            names = app.identifiers()
            assert names.index(f"slip-{field}") == names.index(field) + 1
            assert all(name in names for name in (*before, "card", "photo", "seal"))
            await app.tap(f"cut-{field}")
        for shown in app.all(ft.TextField):  # the card comes into sight with the line that is typed
            assert isinstance(shown.scroll_padding, ft.Padding)
            assert shown.scroll_padding.bottom >= BELOW
            assert isinstance(shown.label, ft.Text) and shown.label.max_lines == 1


async def test_typing_on_draws_nothing_anew(tmp_path: Path) -> None:
    """A screen drawn at each key is one that loses keys on a slow phone."""
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        await app.tap("extras")
        told: list[object] = []

        def heard(_: object, field: str | None) -> None:  # flet keeps no listener alive
            told.append(field)

        phone.state.subscribe(heard)
        await app.write("note", "门口")
        await app.write("note", "门口有海报")
        assert not told
        await app.write("note", SLIP)
        assert len(told) == 1
        await app.write("note", SLIP + "，每天")
        assert len(told) == 1


async def test_a_slip_in_an_older_draft_is_marked_when_it_is_opened(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await to_seen(app)
        await app.tap("extras")
        await app.write("note", SLIP)
    async with Phone(tmp_path) as again:
        await again.tap("resume")
        assert again.shows("slip-note") and not again.shows("extras")


async def test_a_new_report_begins_without_the_slips_of_the_last_one(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        await app.tap("extras")
        await app.write("note", SLIP)
        await app.route("/")
        await app.tap("add")
        assert phone.state.draft.personal_data == {}


async def test_a_question_stands_above_the_form_and_the_note_is_open(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await sealed(app, "POSTER")
        (entry,) = phone.notebook.entries()
        asked = an_answer(entry.report.id, state="15", comment="是哪个单元门？")
        await phone.told(asked)
        await app.tap(f"report-{entry.report.id}")
        assert app.says("回答旗局")
        await app.tap("mend")
        assert app.says("是哪个单元门？") and app.shows("note")
        await app.write("note", "东边的单元门")
        assert app.shows("question")
        await app.seal()
        (mended,) = phone.notebook.entries()
        assert (mended.report.revision, mended.report.note) == (2, "东边的单元门")


async def test_what_is_being_mended_is_not_undone(tmp_path: Path) -> None:
    """The undo would put the report back as it was sealed, without what was mended since."""
    phone = Phone(tmp_path)
    async with phone as app:
        await sealed(app, "POSTER")
        (entry,) = phone.notebook.entries()
        await app.tap(f"report-{entry.report.id}")
        await app.tap("mend")
        await app.tap("sign-SIGNBOARD")
        await app.route("/")
        assert app.shows("resume") and not app.shows("undo")
        (kept,) = phone.notebook.entries()
        assert len(kept.report.signs) == 2 and phone.notebook.waiting() == 1
