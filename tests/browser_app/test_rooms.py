"""Two workers on one browser, one after the other: the page begins again in the other's room."""

from pathlib import Path

import pytest

from demo.programs import Program, reachable
from tests.browser_app.pocket_browser import DRAWN, PocketBrowser, playing, pocket_browser
from tests.browser_app.test_story import seal
from tests.journeys.conftest import Bureau
from tests.journeys.worker import needs_chromium

pytestmark = pytest.mark.browser


def test_a_second_worker_neither_sees_nor_loses_what_the_first_has_not_sent(
    bureau: Bureau, tmp_path: Path
) -> None:
    needs_chromium()
    with Program.server(bureau.settings) as server:
        reachable(bureau.settings.port, server)
        with playing() as play, pocket_browser(play, tmp_path / "p", bureau.address) as browser:
            browser.open(install=True)
            browser.enrol(bureau.code())
            browser.context.set_offline(True)
            seal(browser.phone, ("building-2", "unit-1"), with_photo=False)
            change(browser, "settings", "posts", "post-new")
            assert browser.phone.shows("enrol-code", 60_000)
            assert "待发" not in browser.phone.all_said()
            change(browser, "post-first")
            browser.phone.expect_text("sync", "1 条待发", timeout_ms=60_000)


def change(browser: PocketBrowser, *taps: str) -> None:
    """Taps, and waits until the page has begun again."""
    with browser.page.expect_event("load", timeout=120_000):
        for tap in taps:
            browser.phone.tap(tap)
    browser.phone.until(f"() => {DRAWN}", None, 120_000)
    browser.phone.awake()
