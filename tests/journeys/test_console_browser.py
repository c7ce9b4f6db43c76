"""A supervisor's morning in a real browser: by keys, by mouse, on a phone, and without a script."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from contract.report import Report
from sync_server.settings import Settings
from sync_server.store.engine import Store
from sync_server.store.photo_folder import PhotoFolder
from sync_server.store.sealing import with_key
from tests.journeys.console_driver import enter
from tests.journeys.flet_driver import CHROMIUM, QUIET
from tests.sync_server.console.day import a_week
from tests.sync_server.console.office import PASSWORD, Office, set_up
from tests.sync_server.serving import serving

pytestmark = pytest.mark.browser
DESK = {"width": 1440, "height": 860}
PHONE = {"width": 390, "height": 844}
expect.set_options(timeout=15_000)


@dataclass
class Morning:
    """The running console, its browser, and everything that must not have happened."""

    address: str
    office: Office
    browser: Browser
    week: list[Report]
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def page(self, viewport: dict[str, int], *, scripts: bool = True) -> Page:
        context: BrowserContext = self.browser.new_context(
            viewport=viewport,  # type: ignore[arg-type]  # a ViewportSize by its keys
            locale="zh-CN",
            java_script_enabled=scripts,
            base_url=self.address,
            reduced_motion="reduce",  # a colour on its way is none of ours
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda request: self.heard(request.url))
        page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def heard(self, url: str) -> None:
        if not url.startswith(self.address):
            self.strangers.append(url)

    def signed_in(
        self, viewport: dict[str, int], *, scripts: bool = True, language: str = "zh"
    ) -> Page:
        page = self.page(viewport, scripts=scripts)
        enter(page, "shenhe1", PASSWORD, language)
        expect(page).to_have_url(f"{self.address}/inbox?state=10")
        return page


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[Morning]:
    with a_morning(tmp_path) as found:
        yield found


@contextmanager
def a_morning(tmp_path: Path, database: str = "") -> Iterator[Morning]:
    """Raises AssertionError at its end if the browser asked strangers, or complained. The database
    is a file of its own unless another one is named."""
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium here")
    settings = Settings(database or f"sqlite:///{tmp_path}/bureau.db", tmp_path / "photos")
    store = with_key(Store.open(settings.database, settings.bureau), settings.key_file)
    set_up(store)
    with serving(settings) as server, sync_playwright() as play:
        office = Office(store, PhotoFolder(settings.photos, settings.bureau), server.client)
        server.client.follow_redirects = True
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        found = Morning(f"http://127.0.0.1:{server.port}", office, browser, a_week(office))
        yield found
        browser.close()
    store.close()
    assert not found.strangers
    assert not [said for said in found.complaints if not re.search("^info|404|409|422", said)]


def test_a_lead_is_opened_and_accepted_by_keys_alone(morning: Morning) -> None:
    page = morning.signed_in(DESK)
    following = page.locator("#list a.row").nth(1).inner_text()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#record-title")).to_have_text("样例苑小区 3号楼2单元")
    assert "/records/" in page.url and "state=10" in page.url
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    bar = page.locator("#undo")
    expect(bar).to_contain_text("已受理 样例苑小区 3号楼2单元")
    expect(bar).to_contain_text("秒内可撤销，手机不会收到")
    expect(page.locator("#record-title")).to_have_text(following)  # on to the next
    expect(page.locator("#list a.row")).to_have_count(len_inbox(morning))


def test_a_wrong_key_is_taken_back_by_another(morning: Morning) -> None:
    page = morning.signed_in(DESK)
    open_lead(page)
    expect(page.locator(".due-line")).to_contain_text("受理 1 个工作日")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.locator("#undo")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(".record [role=status]")).to_have_text("已撤销，网格员不会收到。")
    expect(page.locator("#record-title")).to_have_text("样例苑小区 3号楼2单元")
    expect(page.locator("#undo")).to_have_count(0)
    page.keyboard.press("r")
    page.get_by_role("button", name="请补充是哪栋哪单元").click()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#undo")).to_contain_text("待补充")


def test_a_question_is_sent_by_mouse_and_keeps_its_place_in_the_list(morning: Morning) -> None:
    page = morning.signed_in(DESK)
    open_lead(page, 2)
    expect(page.locator("#list tr.here")).to_have_count(1)
    page.locator("label[for=to-15]").click()
    page.get_by_label("要网格员补充什么？").fill("招牌上写的是什么？")
    page.get_by_role("button", name="确认退回").click()
    page.locator("#undo a").click()
    expect(page.locator(".history blockquote")).to_have_text("招牌上写的是什么？")


def test_what_was_typed_survives_a_refusal(morning: Morning) -> None:
    page = morning.signed_in(DESK)
    open_lead(page)
    page.keyboard.press("r")
    page.keyboard.type("请打 13912345678 核对")
    page.keyboard.press("Control+Enter")
    expect(page.locator("mark")).to_have_text("13912345678")
    expect(page.locator("#comment")).to_have_value("请打 13912345678 核对")
    expect(page.locator("#to-15")).to_be_checked()


def test_filters_are_links_and_the_back_button_works(morning: Morning) -> None:
    page = morning.signed_in(DESK)
    page.locator("summary", has_text="日查夜查").click()
    page.get_by_role("link", name="夜查", exact=True).click()
    expect(page).to_have_url(f"{morning.address}/inbox?state=10&shift=NIGHT")
    expect(page.locator(".chip.on summary")).to_contain_text("夜查")
    page.keyboard.press("/")
    page.keyboard.type("样例苑")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{morning.address}/inbox?q=%E6%A0%B7%E4%BE%8B%E8%8B%91")
    page.go_back()
    expect(page.locator(".chip.on summary")).to_contain_text("夜查")


def test_photos_keys_and_coordinates_are_at_hand(morning: Morning) -> None:
    page = morning.signed_in(DESK)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_lead(page)
    photo = page.locator(".tiles img").first
    expect(photo).to_be_visible()
    # Not wait_for_function: the page's own rules forbid what that does when it has to ask again.
    expect(photo).to_have_js_property("naturalWidth", 480)  # small; the original on demand
    page.locator(".copy").click()
    expect(page.locator(".copy")).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == "38.12351, 108.54322"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_phone_shows_one_thing_at_a_time(morning: Morning) -> None:
    page = morning.signed_in(PHONE)
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    open_lead(page)
    expect(page.locator("#list")).to_be_hidden()
    assert page.evaluate(fits)
    page.locator("label[for=to-29]").click()
    page.locator("#decide .of-29 input[value=NO_SIGN]").check()
    page.get_by_role("button", name="确认不予受理").click()
    expect(page.locator("#undo")).to_contain_text("不予受理")
    page.get_by_role("link", name="返回列表").click()
    expect(page.locator("#list a.row").first).to_be_visible()


def test_everything_works_without_a_script(morning: Morning) -> None:
    page = morning.signed_in(DESK, scripts=False)
    expect(page.locator(".copy, .hint-keys").locator("visible=true")).to_have_count(0)
    open_lead(page)
    page.locator("label[for=to-20]").click()
    page.get_by_role("button", name="确认受理").click()
    expect(page.locator("#undo")).to_contain_text("已受理")
    page.locator("details.who summary").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("status")).to_have_text("已退出登录。")


def open_lead(page: Page, n: int = 0) -> None:
    page.locator("#list a.row").nth(n).click()
    expect(page.locator("#record-title")).to_be_visible()


def len_inbox(morning: Morning) -> int:
    """What the rail says of the inbox, up to a page."""
    morning.office.at("shenhe1")
    text = morning.office.client.get("/inbox?state=10").text
    return text.count('class="row"')
