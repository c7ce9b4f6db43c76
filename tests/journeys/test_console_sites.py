"""The queue of sites in a real browser: by keys alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from contract.report import Report
from tests.journeys.test_console_browser import DESK, Morning, a_morning
from tests.sync_server.console.office import Office, a_place

pytestmark = pytest.mark.browser


@pytest.fixture
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    with a_morning(tmp_path_factory.mktemp("sites")) as found:
        yield found


def two_waiting(office: Office) -> list[Report]:
    """Two leads that do not say their unit, the newest first, and the place that each may be of."""
    whole = [office.report(place=a_place(building=f"{n}号楼")) for n in (7, 8) for _ in range(4)]
    vague = [office.report(place=a_place(building=f"{n}号楼", unit=None)) for n in (7, 8)]
    office.deliver(*whole, *vague)
    return vague[::-1]


def test_the_queue_is_worked_by_keys_alone(morning: Morning) -> None:
    first, second = two_waiting(morning.office)
    page = morning.signed_in(DESK)
    page.goto("/sites")
    link = "a.row[href='/records/{}']"
    page.keyboard.press("j")
    expect(page.locator(link.format(first.id))).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(link.format(second.id))).to_be_focused()
    page.keyboard.press("a")
    page.keyboard.type("两次去看都是这一处")
    page.keyboard.press("Enter")
    expect(page.locator("#undo")).to_contain_text("确认同一地点")
    expect(page.locator(link.format(second.id))).to_have_count(0)
    page.keyboard.press("u")
    expect(page.locator("#undo")).to_have_count(0)
    expect(page.locator(link.format(second.id))).to_have_count(1)
    page.keyboard.press("x")  # where nothing is chosen, of the first one
    page.keyboard.type("隔壁单元")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#undo")).to_contain_text("确认不是同一地点")
    expect(page.locator(link.format(first.id))).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page.locator("#comment")).to_have_value("是几号楼几单元？")
    page.locator("#comment").press("Control+Enter")
    expect(page.locator(".undo, .flash").first).to_contain_text("待补充")
