"""What is seen before the app: its install page, and words for browsers that cannot."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from demo.programs import Program, reachable
from tests.browser_app.pocket_browser import playing
from tests.journeys.conftest import Bureau
from tests.journeys.flet_driver import CHROMIUM, PHONE, QUIET
from tests.journeys.worker import needs_chromium

pytestmark = pytest.mark.browser
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 MicroMessenger/8.0"
SMALL = "StorageManager.prototype.estimate = async () => ({ quota: 9e7, usage: 0 })"
PRIMARY = {"light": (0x07, 0x52, 0x4B), "dark": (0x7A, 0xDB, 0xCE)}


@pytest.fixture
def browser(bureau: Bureau) -> Iterator[Browser]:
    needs_chromium()
    with Program.server(bureau.settings) as server:
        reachable(bureau.settings.port, server)
        with playing() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            yield browser
            browser.close()


def visited(browser: Browser, bureau: Bureau, script: str = "", **options: Any) -> Page:
    page = browser.new_context(**PHONE | options).new_page()
    if script:
        page.add_init_script(script)
    page.goto(f"{bureau.address}/app/")
    page.locator("#card h1").wait_for()
    return page


def test_the_first_visit_says_what_is_kept_in_two_languages_and_themes(
    browser: Browser, bureau: Bureau
) -> None:
    for theme, wanted in PRIMARY.items():
        page = visited(browser, bureau, color_scheme=theme)
        said = page.locator("#card").inner_text()
        assert "只下载这一次" in said and "清除浏览数据" in said
        shot = Image.open(BytesIO(page.locator("#install").screenshot())).convert("RGB")
        assert shot.getpixel((30, 15)) == wanted, "something lies over the button"
        page.get_by_role("button", name="English").click()
        assert "clear browsing data" in page.locator("#card").inner_text()


def test_a_browser_that_cannot_is_told_which_one_can(browser: Browser, bureau: Bureau) -> None:
    cases = {
        "请用浏览器打开": {"user_agent": WECHAT},
        "添加到主屏幕": {"user_agent": IPHONE},
        "这个浏览器不能用": {"script": "delete self.OffscreenCanvas"},
        "只给": {
            "script": "StorageManager.prototype.estimate = async () => ({ quota: 9e7, usage: 0 })"
        },
    }
    for words, options in cases.items():
        page = visited(browser, bureau, **options)
        assert words in page.locator("#card").inner_text()
        assert page.evaluate("() => caches.keys()") == []
