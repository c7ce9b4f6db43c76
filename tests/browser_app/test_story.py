"""The main job with nothing but a phone's browser: no bureau, the browser killed, home again."""

import signal
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from demo.programs import Program, reachable
from tests.browser_app.pocket_browser import playing, pocket_browser
from tests.journeys.conftest import Bureau
from tests.journeys.flet_driver import FletDriver
from tests.journeys.test_story import QUESTION, decide_in_the_console
from tests.journeys.worker import needs_chromium

pytestmark = pytest.mark.browser


def test_a_lead_is_sealed_killed_and_delivered_from_a_browser_without_any_server(
    bureau: Bureau, tmp_path: Path
) -> None:
    needs_chromium()
    profile = tmp_path / "profile"
    with Program.server(bureau.settings) as server:
        reachable(bureau.settings.port, server)
        with playing() as play, pocket_browser(play, profile, bureau.address) as first:
            first.open(install=True)
            first.enrol(bureau.code())
            server.end(signal.SIGTERM)  # from here on there is no server
            seal(first.phone, ("building-2", "unit-1"), with_photo=True)
            first.kill()
            assert first.strangers == []
    with playing() as play, pocket_browser(play, profile, bureau.address) as again:
        again.context.set_offline(True)
        again.open()
        again.phone.expect_text("sync", "1 条待发")
        seal(again.phone, ("building-1", "unit-0"), with_photo=False)
        again.context.set_offline(False)
        with Program.server(bureau.settings) as server:
            reachable(bureau.settings.port, server)
            deliver_and_read(play, again.phone, bureau)
        assert again.strangers == []
    assert (bureau.count("records"), bureau.count("photos")) == (2, 1)


def seal(phone: FletDriver, place: tuple[str, str], *, with_photo: bool) -> None:
    """Six taps and no character, and three more for a photo."""
    phone.taps = phone.typed = 0
    for identifier in ("add", *place, "next", "sign-POSTER"):
        phone.tap(identifier)
    for identifier in ("photo", "shutter", "use") if with_photo else ():
        phone.tap(identifier)
    phone.tap("seal")
    phone.at("undo").wait_for(state="attached")
    assert (phone.taps, phone.typed) == (9 if with_photo else 6, 0)


def deliver_and_read(play: Playwright, phone: FletDriver, bureau: Bureau) -> None:
    phone.tap("sync")
    phone.tap("retry")
    phone.expect_text("all", "都已送达", timeout_ms=60_000)
    decide_in_the_console(play, bureau.address)
    phone.tap("retry")
    phone.tap("back")
    phone.page.get_by_text(QUESTION).first.wait_for(timeout=30_000)
