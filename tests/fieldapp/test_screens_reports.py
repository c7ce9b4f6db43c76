"""My reports as a worker sees them: found offline, sorted, unread until opened."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import flet as ft
import pytest

from contract.protocol import UNREADABLE, Answer, SyncReply, SyncRequest
from contract.report import Kind
from fieldapp.courier.apply_answers import file_answers
from fieldapp.report.entry import Entry, Stage
from fieldapp.state.reports import CARDS
from fieldapp.state.search import ReportFilter
from tests.builders import NOON, SERVER_NOON, a_name, a_place, an_answer, an_entry
from tests.fieldapp.a_phone import Phone

pytestmark = pytest.mark.asyncio


def filled(phone: Phone, count: int) -> list[Entry]:
    """Delivered reports, each in a building of its own, newest first."""
    entries = []
    for n in range(count):
        at = NOON - timedelta(minutes=n)
        place = a_place(compound_name="样例苑", building=f"{n + 1}号楼")
        entry = an_entry(id=a_name(at), seen_at=at, place=place, revision=1, note="")
        entries.append(entry.changed(stage=Stage.DELIVERED))
    with phone.notebook.atomic():
        for entry in entries:
            phone.notebook.write(entry)
    return entries


def told(phone: Phone, *answers: Answer) -> None:
    """As a round files them."""
    cursor = phone.memory.cursor()
    asked = SyncRequest(protocol=1, sent_at=NOON, cursor=cursor)
    reply = SyncReply(answers=answers, cursor=answers[-1].seq, server_time=SERVER_NOON)
    with phone.notebook.atomic():
        file_answers(phone.notebook, phone.memory, asked, reply)


def stages(phone: Phone) -> list[Stage]:
    return [entry.stage for entry in phone.notebook.entries()]


async def test_a_report_is_found_by_a_piece_of_its_place(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    entries = filled(phone, 3 * CARDS)
    async with phone as app:
        await app.tap("reports")
        assert not app.shows(f"report-{entries[-1].report.id}")
        await app.tap("find")
        await app.write("wanted", "样例 60号楼")
        assert [entry.report.id for entry in phone.state.reports.listed] == [entries[-1].report.id]
        assert app.shows(f"report-{entries[-1].report.id}") and not app.shows("more")
        await app.write("wanted", "示范")
        assert app.shows("empty") and app.says("没有找到")


async def test_what_was_found_is_turned_page_by_page(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    filled(phone, 2 * CARDS + 10)
    async with phone as app:
        await app.tap("reports")
        await app.tap("find")
        await app.write("wanted", "样例")
        for _ in range(2):
            await app.tap("more")
        assert len({entry.report.id for entry in phone.state.reports.listed}) == 2 * CARDS + 10
        assert not app.shows("more")


async def test_reports_are_sorted_by_how_they_stand(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    first, second, third = filled(phone, 3)
    told(phone, an_answer(first.report.id, 1, state="15"), an_answer(second.report.id, 2))
    async with phone as app:
        await app.tap("reports")
        await app.tap("find")
        wanted = {
            "asked": {first.report.id},
            "under_way": {first.report.id, second.report.id, third.report.id},
            "closed": set[UUID](),
        }
        for pile, reports in wanted.items():
            await app.tap(f"pile-{pile}")
            assert {entry.report.id for entry in phone.state.reports.listed} == reports
        assert app.find("pile-closed").selected and not app.find("pile-all").selected


async def test_an_answer_is_new_until_its_report_is_opened(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    (entry,) = filled(phone, 1)
    told(phone, an_answer(entry.report.id))
    async with phone as app:
        assert app.says("1 条新") and app.says("有新答复")
        await app.tap(f"report-{entry.report.id}")
        assert app.says("旗局审核员")
        await app.route("/")
        assert not app.says("1 条新") and not app.says("有新答复")
    async with Phone(tmp_path) as again:
        assert not again.says("有新答复")


async def test_a_damaged_answer_says_so_and_leaves_the_question_open(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    (entry,) = filled(phone, 1)
    asked = an_answer(entry.report.id, state="15", comment="是哪个单元门？")
    told(phone, asked, an_answer(entry.report.id, 2, state=UNREADABLE))
    told(phone, an_answer(UUID(int=0), 3, state=UNREADABLE))
    async with phone as app:
        assert app.says("答复无法显示") and app.says("请打电话问旗局")
        await app.tap(f"report-{entry.report.id}")
        assert app.says("内容损坏了") and app.says("是哪个单元门？")
        assert app.shows("mend")
        await app.route("/reports")
        await app.tap(f"stray-{UUID(int=0)}")
        assert app.says("内容损坏了")


async def test_the_way_of_a_case_is_read_step_by_step_and_its_result_with_the_reason(
    tmp_path: Path,
) -> None:
    phone = Phone(tmp_path)
    (entry,) = filled(phone, 1)
    way = ("20", "30", "40", "50", "55", "60")
    told(phone, *(an_answer(entry.report.id, n, state=s) for n, s in enumerate(way, 1)))
    closed = {"state": "72", "reason": "STOPPED", "comment": "教育局核实属实，谢谢上报"}
    told(phone, an_answer(entry.report.id, 7, **closed))
    told(phone, an_answer(entry.report.id, 8, state="90", reason="NEW_SIGN"))
    async with phone as app:
        await app.tap(f"report-{entry.report.id}")
        for words in (
            *("旗局已安排人员去核实", "正在核实", "正在处置", "已移送主管部门办理"),
            *("旗局正在写答复", "属实已整改", "已停止并承诺不再开展", "教育局核实属实，谢谢上报"),
            *("出现新的迹象", "旗局正在复核"),
        ):
            assert app.says(words), words


async def test_a_question_stands_on_home_until_it_is_answered(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    entry = filled(phone, 10)[-1]
    told(phone, an_answer(entry.report.id, state="15", comment="是哪个单元门？"))
    async with phone as app:
        assert app.says("旗局在问 · 样例苑 10号楼") and app.says("是哪个单元门？")
        await app.tap("questions")
        assert app.shows("question") and app.says("是哪个单元门？") and not app.shows("changes")
        await app.tap("building-0")
        assert app.says("改了：楼栋、单元")
        await app.seal()
        assert not app.shows("asked")
        await app.tap("reports")
        await app.tap(f"report-{entry.report.id}")
        assert app.says("改了：楼栋、单元")


async def test_an_answer_may_change_more_and_returns_from_where_it_was_begun(
    tmp_path: Path,
) -> None:
    phone = Phone(tmp_path)
    (entry,) = filled(phone, 1)
    told(phone, an_answer(entry.report.id, state="15"))
    async with phone as app:
        await app.tap("reports")
        await app.tap(f"report-{entry.report.id}")
        await app.tap("mend")
        assert app.shows("photo") and app.shows("note")
        await app.tap("back")
        assert app.shows("story")
        await app.tap("mend")
        await app.tap("more")
        assert app.shows("sign-POSTER")


async def test_an_answer_for_another_phone_of_the_post_shows_its_state(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    told(phone, an_answer(UUID(int=7), state="15", place="示范公寓 A座"))
    async with phone as app:
        assert app.says("1 条新")
        await app.tap("reports")
        icons = app.below(app.find(f"stray-{UUID(int=7)}"), ft.Icon)
        assert ft.Icons.QUESTION_MARK in [icon.icon for icon in icons] and app.says("待补充")


async def test_home_leads_to_all_of_them_after_a_search(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    filled(phone, 2)
    async with phone as app:
        await app.tap("reports")
        await app.tap("find")
        await app.tap("pile-closed")
        await app.tap("back")
        await app.tap("reports")
        assert (
            phone.state.reports.filter is ReportFilter.ALL and len(phone.state.reports.listed) == 2
        )


async def test_an_answer_whose_report_is_elsewhere_is_opened_and_read(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    filled(phone, 1)
    gone = UUID(int=7)
    told(phone, an_answer(gone, place="示范公寓 A座"))
    async with phone as app:
        await app.tap("reports")
        await app.tap("find")
        await app.write("wanted", "示范")
        await app.tap(f"stray-{gone}")
        assert app.says("这条上报不在本机") and app.says("已受理")
        assert not phone.memory.unread().unread


async def test_a_report_is_withdrawn_by_two_taps(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    (entry,) = filled(phone, 1)
    async with phone as app:
        await app.tap("reports")
        await app.tap(f"report-{entry.report.id}")
        await app.tap("withdraw")
        assert stages(phone) == [Stage.DELIVERED] and app.says("再点一次撤回")
        await app.tap("withdraw")
        assert stages(phone) == [Stage.WITHDRAWN] and not app.shows("withdraw")


async def test_a_question_about_an_ad_on_no_building_leads_to_the_form(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    place = a_place(building=None, unit=None)
    entry = an_entry(kind=Kind.AD, place=place, revision=1).changed(stage=Stage.DELIVERED)
    phone.notebook.write(entry)
    async with phone as app:
        await phone.told(an_answer(entry.report.id, state="15", comment="招牌上写的是什么？"))
        await app.tap(f"report-{entry.report.id}")
        await app.tap("mend")
        assert app.shows("question")
        await app.write("note", "示例晚托")
        await app.seal()
        (mended,) = phone.notebook.entries()
        assert (mended.report.revision, mended.report.note) == (2, "示例晚托")


async def test_an_ad_on_no_building_is_taken_back_to_the_form(tmp_path: Path) -> None:
    async with Phone(tmp_path) as app:
        await app.tap("start-patrol")
        for identifier in ("ad", "next", "sign-POSTER"):
            await app.tap(identifier)
        await app.seal()
        await app.tap("undo")
        assert app.find("sign-POSTER").selected and app.shows("institution")


async def test_whoever_reported_a_place_hears_what_came_of_it_under_another_number(
    tmp_path: Path,
) -> None:
    """About their own report, with the number of the record under which it was handled."""
    phone = Phone(tmp_path)
    (entry,) = filled(phone, 1)
    told(phone, an_answer(entry.report.id, state="72", same_as="9999-000031"))
    async with phone as app:
        await app.tap(f"report-{entry.report.id}")
        assert app.says("属实已整改") and app.says("与 9999-000031 是同一处")


async def test_the_number_under_which_a_place_was_handled_is_said_once(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    (entry,) = filled(phone, 1)
    later = [SERVER_NOON + timedelta(hours=n) for n in range(3)]
    states = ("20", "30", "72")
    known = {"same_as": "9999-000031"}
    for n, (state, at) in enumerate(zip(states, later, strict=True), 1):
        told(phone, an_answer(entry.report.id, n, state=state, at=at, **known))
    async with phone as app:
        await app.tap(f"report-{entry.report.id}")
        assert sum("9999-000031" in text for text in app.texts()) == 1
