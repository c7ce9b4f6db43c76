"""The story of the product in real browsers: out of the network and home again, and decided."""

import signal
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from demo.programs import Program, reachable
from sync_server.importing.seed import seed
from sync_server.settings import Settings
from sync_server.store.engine import Store
from sync_server.store.sealing import with_key
from tests.journeys.conftest import COUNTY, DESK, PASSWORD, Bureau, free_port
from tests.journeys.console_driver import enter
from tests.journeys.flet_driver import CHROMIUM, QUIET
from tests.journeys.worker import Worker, field_app, needs_chromium, worker

pytestmark = pytest.mark.browser
QUESTION = "是哪个单元门？"


def bureau_without_server(folder: Path, database: str = "") -> Bureau:
    settings = Settings(
        database=database or f"sqlite:///{folder}/bureau.db",
        photos=folder / "photos",
        port=free_port(),
        hold_s=0,
    )
    store = with_key(Store.open(settings.database, settings.bureau), settings.key_file)
    seed(store, COUNTY, {"shenhe1": PASSWORD})
    return Bureau(settings, store)


def test_a_lead_goes_from_a_phone_in_the_dark_to_the_bureau_and_the_answer_comes_back(
    tmp_path: Path,
) -> None:
    needs_chromium()
    bureau, port = bureau_without_server(tmp_path), free_port()
    phones, profile = tmp_path / "phones", tmp_path / "profile"
    with Program.server(bureau.settings) as server:
        reachable(bureau.settings.port, server)
        with field_app(port, bureau.address, phones) as address, worker(profile, address) as first:
            first.enrol(bureau.code())
            server.end(signal.SIGTERM)  # from here on the bureau cannot be reached
            log_a_site_with_a_photo(first)
            assert first.strangers == []
    with field_app(port, bureau.address, phones) as address, worker(profile, address) as again:
        again.phone.expect_text("sync", "1 条待发")
        with Program.server(bureau.settings) as server:
            reachable(bureau.settings.port, server)
            again.phone.tap("sync")
            again.phone.tap("retry")
            again.phone.expect_text("all", "都已送达", timeout_ms=30_000)
            decide_in_the_console(again.play, bureau.address)
            again.phone.tap("retry")
            again.phone.tap("back")
            again.phone.page.get_by_text(QUESTION).first.wait_for(timeout=30_000)
            assert again.strangers == []
    assert (bureau.count("records"), bureau.count("photos")) == (1, 1)
    bureau.store.close()


def log_a_site_with_a_photo(one: Worker) -> None:
    """Nine taps from home, and nothing typed."""
    phone = one.phone
    phone.taps = phone.typed = 0
    for identifier in ("add", "building-2", "unit-1", "next", "sign-POSTER", "photo"):
        phone.tap(identifier)
    phone.tap("shutter")
    phone.tap("use")
    phone.tap("seal")
    phone.at("undo").wait_for(state="attached")
    assert (phone.taps, phone.typed) == (9, 0)


def decide_in_the_console(play: Playwright, address: str) -> None:
    browser = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
    page = browser.new_page(locale="zh-CN", base_url=address)
    enter(page, DESK.staff, PASSWORD)
    page.locator("#list a.row", has_text="样例苑小区 3号楼2单元").click()
    photos_are_shown(page)
    page.locator("label[for=to-15]").click()
    page.get_by_label("要网格员补充什么？").fill(QUESTION)
    page.get_by_role("button", name="确认退回").click()
    expect(page.locator(".flash")).to_contain_text(QUESTION)
    browser.close()


def photos_are_shown(page: Page) -> None:
    photos = page.locator("img[src*='/photos/']")
    expect(photos.first).to_be_visible()
    for photo in photos.all():
        expect(photo).not_to_have_js_property("naturalWidth", 0)
