"""A complaint by phone, from the call until its answer is ready to go back, in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from contract.report import Kind
from sync_server.store import reference
from tests.journeys.test_console_browser import DESK, Morning, a_morning
from tests.sync_server.console.office import Office

pytestmark = pytest.mark.browser
SMALL = {"width": 320, "height": 640}
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture
def morning(database: str, tmp_path: Path) -> Iterator[Morning]:
    with a_morning(tmp_path, database) as found:
        yield found


def test_a_complaint_by_phone_is_looked_at_by_a_grid_until_its_answer_is_ready(
    morning: Morning,
) -> None:
    page = morning.signed_in(DESK)
    take_the_call(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("样例苑 三栋")
    page.get_by_role("link", name="派网格员去看").click()
    expect(page.get_by_label("派给哪个网格")).to_have_value("g03")
    page.get_by_role("button", name="派出任务").click()
    expect(page.locator(".record-head .badge").first).to_contain_text("网格查看中")
    number = look(morning.office)
    page.reload()
    expect(page.locator("article .results")).to_contain_text(f"已办：未见异常 {number}")
    page.get_by_label("答复内容").fill("已到现场查看，未见异常。电话13912345678")
    page.get_by_role("button", name="保存答复").click()
    page.get_by_role("button", name="删去“13912345678”").click()
    expect(page.get_by_label("答复内容")).to_have_value("已到现场查看，未见异常。")
    page.get_by_role("button", name="保存答复").click()
    ready_to_go_back(page)


def take_the_call(page: Page) -> None:
    page.get_by_role("link", name="投诉办理").click()
    page.get_by_role("link", name="登记投诉").click()
    page.wait_for_load_state()  # what is typed before the script is there asks nothing
    page.get_by_label("电话", exact=True).check()
    page.get_by_label(re.compile("^地点")).press_sequentially("样例苑 三栋", delay=20)
    expect(page.locator("#similar")).to_contain_text("同一栋")
    page.get_by_label("反映的情况").fill("周末上午有十几个学生上楼")
    page.get_by_role("button", name="登记", exact=True).click()


def look(office: Office) -> str:
    """A worker of the grid was there and saw nothing; the receipt's number."""
    with office.store.reading() as tx:
        tasks = reference.tasks_for(tx, "g03", None)
    [task] = [one for one in tasks if one.title.startswith("查看")]
    assert (task.compound, task.building) == ("c001", "3号楼")
    clear = {"kind": Kind.CLEAR, "signs": (), "disguises": (), "count_band": None}
    report = office.report(task=task.id, **clear)
    office.deliver(report)
    with office.store.reading() as tx:
        assert task not in reference.tasks_for(tx, "g03", None)
    page = office.at("shenhe1").get(f"/records/{report.id}").text
    found = re.search(r'class="number">([^<]+)<', page)
    assert found
    return found[1]


def ready_to_go_back(page: Page) -> None:
    expect(page.locator(".record-head .badge").first).to_contain_text("答复待送回")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制答复").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "已到现场查看，未见异常。"
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]  # a ViewportSize by its keys
    assert page.evaluate(FITS)
    page.get_by_role("button", name="已从电话送回").click()
    expect(page.locator(".record-head .badge").first).to_contain_text("已答复")
    for path in ("/complaints", "/complaints/new", "/tasks", "/tasks/new"):
        page.goto(path)
        assert page.evaluate(FITS), path
