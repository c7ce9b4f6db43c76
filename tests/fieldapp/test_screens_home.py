"""Enrolment, home, one's reports, settings: what a worker reads and may change."""

from pathlib import Path
from typing import Any
from uuid import UUID

import flet as ft
import pytest

from tests.builders import an_answer
from tests.fieldapp.a_phone import CODE, Hands, Phone
from tests.fieldapp.test_screens_flow import to_seen

pytestmark = pytest.mark.asyncio


async def test_a_new_phone_enrols_with_one_code(tmp_path: Path) -> None:
    async with Phone(tmp_path, enrolled=False) as app:
        await app.write("enrol-code", CODE)
        await app.tap("enrol")
        assert app.shows("add") and app.says("示例片区")


@pytest.mark.parametrize(("road", "words"), [(False, "没有网络"), (True, "登记码不对")])
async def test_an_enrolment_that_fails_says_why(tmp_path: Path, road: bool, words: str) -> None:
    async with Phone(tmp_path, Hands(road=road), enrolled=False) as app:
        await app.write("enrol-code", "WRONG")
        await app.tap("enrol")
        assert app.says(words) and app.shows("enrol")


async def test_a_fresh_home_teaches_in_one_sentence(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        assert app.shows("empty") and app.says("六下就能报完")


async def test_the_badge_counts_what_waits(tmp_path: Path) -> None:
    async with Phone(tmp_path, Hands(road=False)) as app:
        await to_seen(app)
        await app.tap("sign-POSTER")
        await app.seal()
        assert app.says("1 条待发")


async def test_a_decision_is_read_in_words(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        await app.tap("sign-POSTER")
        await app.seal()
        (entry,) = phone.notebook.entries()
        told = an_answer(
            entry.report.id, state="29", reason="DUPLICATE", comment="与上周的线索相同"
        )
        await phone.told(told)
        await app.tap(f"report-{entry.report.id}")
        assert app.says("不予受理") and app.says("重复 · 与上周的线索相同")
        assert not app.shows("mend")


async def test_a_report_that_is_elsewhere_still_tells_its_answers(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    gone = UUID("0197c000-0000-7000-8000-000000000001")
    phone.notebook.keep_answer(an_answer(gone, place="样例苑 3号楼"))
    async with phone as app:
        await app.route(f"/reports/{gone}")
        assert app.says("这条上报不在本机") and app.says("已受理")


async def test_english_is_one_tap_away_and_kept(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await app.tap("settings")
        await app.tap("language-en")
        assert app.says("Settings")
    async with Phone(tmp_path) as again:
        assert again.says("Log a lead")


async def test_the_main_button_moves_to_the_left_hand(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await app.tap("settings")
        await app.tap("left_handed-true")
        await app.tap("back")
        order = [text for text in app.texts() if text in ("我的上报", "未见异常")]
        assert order == ["我的上报", "未见异常"]


async def test_the_light_is_chosen_by_hand(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await app.tap("settings")
        await app.tap("theme-dark")
        assert phone.lights[-1] == "dark"


async def test_a_suggestion_goes_into_the_outbox(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(road=False))
    async with phone as app:
        await app.tap("settings")
        await app.tap("suggest")
        await app.write("suggestion", "按钮再大一点")
        await app.tap("send")
        assert phone.notebook.waiting() == 1 and app.says("已放入待发")


async def test_a_patrol_goes_home_with_its_visits(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(road=False))
    async with phone as app:
        await app.tap("clear")
        await app.seal()
        before = phone.notebook.waiting()
        await app.tap("open-patrol")
        await app.tap("end-patrol")
        await app.tap("end-patrol")
        assert phone.notebook.waiting() == before + 1
        assert phone.memory.patrol() is None


async def test_who_has_no_new_code_goes_back_to_what_is_here(tmp_path: Path) -> None:
    phone = Phone(tmp_path, Hands(why="token_revoked"))
    async with phone as app:
        await phone.state.sync.run()
        await app.settle()
        await app.tap("enrol-again")
        assert app.shows("enrol") and not app.shows("add")
        await app.tap("back")
        assert app.shows("add")


async def test_home_is_bare_below_another_screen_and_whole_again_after_it(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await app.tap("settings")
        views: Any = ft.unwrap_component(app.page.views)
        below, _ = (ft.unwrap_component(view) for view in views)
        assert not below.controls
        await app.tap("back")
        assert app.shows("add") and app.shows("settings")


async def test_a_screen_stands_before_the_client_has_taken_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Phone(tmp_path) as app:
        monkeypatch.setattr(ft.Page, "navigate", lambda *_: None)
        await app.tap("settings")
        assert app.shows("language-en")
