"""A complaint by phone, from the call until its answer is ready to go back, in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from contract.report import Kind
from sync_server.console.words import Say, code_word, speaker
from sync_server.store import reference
from tests.journeys.test_console_browser import DESK, Morning, a_morning
from tests.sync_server.console.office import Office

pytestmark = pytest.mark.browser
SMALL = {"width": 320, "height": 640}
FITS = "document.documentElement.scrollWidth <= innerWidth"


TYPED = "样例苑 三栋"
NUMBER = "13912345678"
ANSWER = "已到现场查看，未见异常。"


@pytest.fixture
def morning(database: str, tmp_path: Path) -> Iterator[Morning]:
    with a_morning(tmp_path, database) as found:
        yield found


@pytest.fixture
def language(database: str) -> str:
    """Chinese on SQLite, English on PostgreSQL."""
    return "en" if database else "zh"


def test_a_complaint_by_phone_is_looked_at_by_a_grid_until_its_answer_is_ready(
    morning: Morning, language: str
) -> None:
    page, say = morning.signed_in(DESK, language=language), speaker(language)
    take_the_call(page, say)
    expect(page.get_by_role("heading", level=1)).to_have_text(TYPED)
    page.get_by_role("link", name=say("complaint.give_task")).click()
    expect(page.get_by_label(say("tasks.grid"))).to_have_value("g03")
    page.get_by_role("button", name=say("tasks.give")).click()
    stands(page, say("complaint.state.with_grid"))
    number = look(morning.office, say("tasks.look_at", place=TYPED))
    page.reload()
    clear = code_word("obs_type", Kind.CLEAR, language)
    done = say("tasks.done_by", kind=clear, number=number)
    expect(page.locator("article .results")).to_contain_text(done)
    answer, keep = (say(f"complaint.{name}") for name in ("answer_field", "keep_answer"))
    page.get_by_label(answer).fill(f"{ANSWER}电话{NUMBER}")
    page.get_by_role("button", name=keep).click()
    page.get_by_role("button", name=say("entry.cut", text=NUMBER)).click()
    expect(page.get_by_label(answer)).to_have_value(ANSWER)
    page.get_by_role("button", name=keep).click()
    ready_to_go_back(page, say)


def stands(page: Page, words: str) -> None:
    expect(page.locator(".record-head .badge").first).to_contain_text(words)


def take_the_call(page: Page, say: Say) -> None:
    section = page.get_by_role("link", name=say("complaint.title"))
    section.click()
    expect(section).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name=say("complaint.new")).click()
    page.wait_for_load_state()  # what is typed before the script is there asks nothing
    page.get_by_label(say("channel.PHONE"), exact=True).check()
    page.get_by_label(say("complaint.address")).press_sequentially(TYPED, delay=20)
    expect(page.locator("#similar")).to_contain_text(say("complaint.same_building"))
    page.get_by_label(say("complaint.text")).fill("周末上午有十几个学生上楼")
    page.get_by_role("button", name=say("complaint.take"), exact=True).click()


def look(office: Office, title: str) -> str:
    """A worker of the grid was there and saw nothing; the receipt's number."""
    with office.store.reading() as tx:
        tasks = reference.tasks_for(tx, "g03", None)
    [task] = [one for one in tasks if one.title == title]
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


def ready_to_go_back(page: Page, say: Say) -> None:
    stands(page, say("complaint.state.ready"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=say("complaint.copy")).click()
    expect(page.get_by_role("button", name=say("complaint.copied"))).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == ANSWER
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]  # a ViewportSize by its keys
    assert page.evaluate(FITS)
    page.get_by_role(
        "button", name=say("complaint.mark_returned", channel=say("channel.PHONE"))
    ).click()
    stands(page, say("complaint.state.returned"))
    for path in ("/complaints", "/complaints/new", "/tasks", "/tasks/new"):
        page.goto(path)
        assert page.evaluate(FITS), path
