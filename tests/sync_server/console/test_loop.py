"""The closed loop at the console, without a line of JavaScript: each step by its form, the deadline
that explains itself, and a minute to take it back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI

from contract.report import Report
from sync_server.casework.case_rules import WorkDay
from sync_server.console import all_pages
from sync_server.console.deadlines import shown_deadline
from sync_server.console.filters import due_bounds
from sync_server.console.words import Wording, speaker
from sync_server.domain.clocks import CaseClock, Deadline, Levels, Pause
from sync_server.domain.work_calendar import published
from sync_server.photos.thumbnails import ThumbnailMaker
from sync_server.settings import Settings
from sync_server.store import inbox
from sync_server.store.schema import records
from sync_server.store.thumbnail_folder import ThumbnailFolder
from tests.builders import a_place
from tests.sync_server.console.browser import browser
from tests.sync_server.console.office import BOTH, Office, hidden

ZH, EN = (Wording(speaker(language), language) for language in ("zh", "en"))


@pytest.fixture
def report(office: Office) -> Report:
    found = office.report()
    office.deliver(found)
    return found


def step(office: Office, post: str, id: UUID, to: str, **form: str) -> str:
    """One step by its form; the page that follows."""
    client = office.at(post)
    answer = office.decide(id, to, **form)
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["location"]).text


def test_the_way_forward_stands_before_the_way_back(office: Office, report: Report) -> None:
    step(office, "shenhe1", report.id, "20")
    page = step(office, "shenhe1", report.id, "30", assignee="shequ1")
    assert page.index('id="to-40"') < page.index('id="to-20"')
    back = page.partition('class="option-20">')[2].partition("</label>")[0]
    assert back and "<kbd" not in back


@BOTH
def test_a_lead_goes_through_the_loop_by_its_forms(office: Office, report: Report) -> None:
    id = report.id
    step(office, "shenhe1", id, "20", comment="已转社区核实")
    page = office.at("shenhe1").get(f"/records/{id}").text
    assert 'value="shequ1"' in page and "wg03" not in page.partition('id="assignee"')[2]
    step(office, "shenhe1", id, "30", assignee="shequ1", comment="请今晚去看")
    assert "核实岗位：shequ1" in step(office, "shequ1", id, "40")
    refused = office.decide(id, "50", **{"check.PUPILS_THERE": "yes"})
    assert refused.status_code == 422 and "请写明看到" in refused.text
    assert '<option value="yes" selected>' in refused.text
    step(office, "shequ1", id, "50", comment="正在上课", **{"check.PUPILS_THERE": "yes"})
    step(office, "ban1", id, "55", department="MARKET", comment="请核查登记")
    page = office.client.get(f"/records/{id}").text
    assert "第 1 轮移送市场监管部门" in page and "对方还没有回执" in page
    step(office, "ban1", id, "40", reason="NOT_OURS")
    step(office, "ban1", id, "55", department="CIVIL", comment="请核查备案")
    step(office, "ban1", id, "receipt", receipt="收8")
    page = step(office, "ban1", id, "60", comment="民政部门已约谈")
    assert "第 2 轮移送民政部门" in page and "对方收文编号 收8" in page
    refused = office.decide(id, "73", reason="SETTLED_THERE")
    assert refused.status_code == 422 and "要先写给网格员的答复" in refused.text
    page = step(office, "shenhe1", id, "73", reason="SETTLED_THERE", comment="民政部门已办结")
    assert "已决定：已移送办结" in page and "民政部门已办结" in page
    assert "办结后不再保留定位点，只留小区" in page and "38.12351" not in page
    step(office, "shenhe1", id, "80", reason="IN_ORDER")
    history = office.client.get(f"/records/{id}").text.partition('class="history"')[2]
    for words in ("有学生集中：是", "移送单", "不属本部门职责", "对方已接收", "办理规范"):
        assert words in history, words


def test_an_english_page_has_all_of_it_in_english(office: Office, report: Report) -> None:
    step(office, "shenhe1", report.id, "20")
    step(office, "shenhe1", report.id, "30", assignee="ban1")
    step(office, "ban1", report.id, "40")
    office.client.get("/language/en")
    page = office.client.get(f"/records/{report.id}").text
    assert "Hand over" in page and "verify, working days: 5" in page and "Checklist" in page


@pytest.fixture
def slow(office: Office, database: Settings) -> Iterator[Office]:
    """The same office, where answers wait their minute."""
    thumbnails = ThumbnailMaker(office.photos, ThumbnailFolder(database.photos, database.bureau))
    app = FastAPI()
    app.include_router(all_pages(office.store, replace(database, hold_s=60), thumbnails))
    with browser(app) as client:
        office.client = client
        yield office


def state_of(office: Office, report: Report) -> str:
    with office.store.reading() as tx:
        here = records.c.id == str(report.id)
        return str(tx.run(records.select().where(here)).one().state)


@BOTH
def test_deciding_goes_on_to_the_next_record_with_a_bar_to_undo(slow: Office) -> None:
    older, newer = slow.report(), slow.report()
    slow.deliver(older)
    slow.deliver(newer)
    client = slow.at("shenhe1")
    answer = slow.decide(newer.id, "20")
    assert answer.headers["location"].startswith(f"/records/{older.id}?")
    page = client.get(answer.headers["location"])
    assert "秒内可撤销，手机不会收到" in page.text
    form = hidden(page) | {"n": "1"}
    undone = client.post(f"/records/{newer.id}/undo", data=form, follow_redirects=False)
    assert "已撤销，网格员不会收到" in client.get(undone.headers["location"]).text
    assert state_of(slow, newer) == "10"
    again = client.post(f"/records/{newer.id}/undo", data=form, follow_redirects=False)
    assert "没有撤销" in client.get(again.headers["location"]).text


def test_only_whoever_may_undo_a_step_is_told_where_it_was(slow: Office) -> None:
    decided, other = slow.report(), slow.report(place=a_place(building="5号楼"))
    slow.deliver(decided, other)
    slow.at("shenhe1")
    slow.decide(decided.id, "20")
    asked = f"/records/{other.id}?undo={decided.id}"
    assert "秒内可撤销" in slow.client.get(asked).text
    for post in ("ban1", "shequ1"):
        assert "秒内可撤销" not in slow.at(post).get(asked).text, post


def test_nobody_undoes_without_the_token_of_the_page(slow: Office) -> None:
    report = slow.report()
    slow.deliver(report)
    client = slow.at("shenhe1")
    slow.decide(report.id, "20")
    answer = client.post(f"/records/{report.id}/undo", data={"n": "1"})
    assert answer.status_code == 403 and state_of(slow, report) == "20"
    assert client.get(f"/records/{report.id}/undo").status_code == 200


def test_what_is_due_today_and_what_is_over_stand_in_folders(office: Office) -> None:
    late, fresh = office.report(), office.report()
    office.deliver(late, ago=timedelta(days=21))
    office.deliver(fresh)
    page = office.at("shenhe1").get("/inbox?flag=late").text
    assert str(late.id) in page and str(fresh.id) not in page
    assert "个工作日</span>" in page and "已超期" in page
    office.decide(late.id, "20")
    assert str(late.id) not in office.client.get("/inbox?flag=late").text
    clear = office.report(kind="CLEAR", signs=())
    office.deliver(clear, ago=timedelta(days=21))
    assert str(clear.id) not in office.client.get("/inbox?flag=late&kind=CLEAR").text


@BOTH
def test_every_waiting_report_is_in_the_folder_that_its_deadline_says(office: Office) -> None:
    """The list goes by moments that the calendar gives, the page by the deadline itself."""
    for days in range(12):
        office.deliver(office.report(), ago=timedelta(days=days, hours=days))
    day = WorkDay(office.now, published(), Levels())
    found: dict[str, set[str]] = {}
    with office.store.reading() as tx:
        for flag in ("late", "due_today"):
            asked = inbox.RecordFilter(flag=flag, due=due_bounds(day))
            rows = inbox.page(tx, asked, None, None, 30).rows
            found[flag] = {row.id for row in rows}  # type: ignore[union-attr]  # all can be read
        every = inbox.page(tx, inbox.RecordFilter(), None, None, 30).rows
    page = office.at("shenhe1").get("/inbox").text
    for row in every:
        [line] = [one for one in page.split("<tr") if f'id="row-{row.id}"' in one]  # type: ignore[union-attr]  # likewise
        said = {"late": "已超 " in line, "due_today": "今天前" in line}
        assert said == {flag: row.id in ids for flag, ids in found.items()}, line  # type: ignore[union-attr]  # likewise
    assert found["late"]


def test_a_deadline_explains_itself() -> None:
    now = datetime(2026, 11, 30, 2, tzinfo=UTC)
    day = WorkDay(now, published(), Levels())
    start = date(2026, 11, 2)
    found = Deadline(CaseClock.HANDLE, start, 15, date(2026, 12, 18), 15)
    found = replace(found, stopped=((Pause.SUSPENSION, 2),), weekend=True, holidays=("元旦",))
    shown = shown_deadline(found, day, ZH)
    assert shown and shown.why == (
        "12月18日前：处置 15 个工作日，延期 15 个工作日，周末不计，元旦不计，挂账停 2 天"
    )
    about = shown_deadline(replace(found, is_about=True), day, ZH)
    assert about and about.short == "约12月18日前" and "放假安排未导入" in about.why
    paused = shown_deadline(replace(found, day=None, stopped_by=Pause.DEPARTMENT), day, EN)
    assert paused and paused.why == "With the other department."
    days = {"2026-11-27": "已超 1 个工作日", "2026-11-30": "今天前", "2026-12-01": "明天前"}
    for last, words in days.items():
        near = shown_deadline(replace(found, day=date.fromisoformat(last)), day, ZH)
        assert near and near.short == words
