"""One window at a time, a new version when it is whole, a full disk that takes nothing away."""

import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Page

from demo.programs import Program, reachable
from sync_server.store.silence import last_calls
from tests.browser_app.inside import Inside, source_of
from tests.browser_app.pocket_browser import DRAWN, PocketBrowser, playing, pocket_browser
from tests.journeys.conftest import Bureau
from tests.journeys.worker import needs_chromium

pytestmark = pytest.mark.browser
CACHES = "() => caches.keys()"
WORKERS = """async () => {
  const found = await navigator.serviceWorker.getRegistration();
  return [Boolean(found?.active), Boolean(found?.waiting), Boolean(found?.installing)];
}"""
UPDATE = """async () => {
  try { await (await navigator.serviceWorker.getRegistration()).update(); } catch { }
}"""
IN_USE = """async () => {
  const bytes = await (await fetch('app.zip')).arrayBuffer();
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('');
}"""
FILL = """
from fieldapp.ports import DiskFull
why = ""
try:
    for number in range(1, 10_000):
        notebook.remember(f"row-{number}", str(number))
        album.keep(photo(number))
        kept = number
except DiskFull:
    why = "full"
[why, kept]
"""


@contextmanager
def served(bureau: Bureau) -> Iterator[Program]:
    needs_chromium()
    with Program.server(bureau.settings) as server:
        reachable(bureau.settings.port, server)
        yield server


def shown(page: Page, text: str) -> None:
    page.get_by_text(text).first.wait_for(timeout=20_000)


def test_a_second_window_says_so_at_once_and_takes_over(bureau: Bureau, tmp_path: Path) -> None:
    with (
        served(bureau),
        playing() as play,
        pocket_browser(play, tmp_path / "p", bureau.address) as browser,
    ):
        browser.open(install=True)
        second = browser.context.new_page()
        second.goto(f"{bureau.address}/app/")
        shown(second, "巡查已在另一个窗口打开")
        second.locator("#other-take").click()
        shown(browser.page, "已在另一个窗口继续")
        for _ in range(600):
            if second.evaluate(f"() => {DRAWN}"):
                break
            second.wait_for_timeout(100)
        assert second.evaluate(f"() => {DRAWN}")


def test_a_new_version_waits_is_whole_and_leaves_what_was_written(
    bureau: Bureau, tmp_path: Path
) -> None:
    """A broken download is refused; the open window keeps its version; the next start has the new
    one, and the notebook is as it was."""
    site = tmp_path / "app"
    shutil.copytree(bureau.settings.field_app, site)
    old = digest_of(site / "app.zip")
    mine = Bureau(replace(bureau.settings, field_app=site), bureau.store)
    with playing() as play, pocket_browser(play, tmp_path / "p", mine.address) as browser:
        with served(mine):
            browser.open(install=True)
            browser.enrol(mine.code())
        new = another_version(site)
        whole = (site / "app.zip").read_bytes()
        (site / "app.zip").write_bytes(whole[:-100])
        with served(mine):
            browser.page.evaluate(UPDATE)
            browser.page.wait_for_timeout(4_000)
            assert browser.page.evaluate(WORKERS) == [True, False, False]
        (site / "app.zip").write_bytes(whole)
        with served(mine):
            browser.page.evaluate(UPDATE)
            until(browser, WORKERS, [True, True, False])
            assert browser.page.evaluate(IN_USE) == old
    with playing() as play, pocket_browser(play, tmp_path / "p", mine.address) as browser:
        phone = browser.open()
        assert phone.shows("add") and browser.page.evaluate(IN_USE) == new
        assert len(browser.page.evaluate(CACHES)) == 1


def digest_of(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def another_version(site: Path) -> str:
    """Changes the app's code, and the lists; returns the digest of the new code."""
    with zipfile.ZipFile(site / "app.zip", "a") as archive:
        archive.writestr("newer.txt", "newer")
    listed = json.loads((site / "files.json").read_text())
    before = listed["version"], listed["files"]["app.zip"]["sha256"]
    after = "f" * 12, digest_of(site / "app.zip")
    for name in ("files.json", "sw.js"):
        text = (site / name).read_text()
        for old, new in zip(before, after, strict=True):
            text = text.replace(old, new)
        (site / name).write_text(text)
    return after[1]


def until(browser: PocketBrowser, script: str, wanted: object) -> None:
    for _ in range(200):
        if browser.page.evaluate(script) == wanted:
            return
        browser.page.wait_for_timeout(100)
    raise AssertionError(browser.page.evaluate(script))


def test_a_full_disk_is_told_and_takes_nothing_away(bureau: Bureau, tmp_path: Path) -> None:
    with (
        served(bureau),
        playing() as play,
        pocket_browser(play, tmp_path / "p", bureau.address) as browser,
    ):
        inside = Inside(browser)
        inside.run(source_of("writing.py") + "\nnotebook, album = opened()")
        quota(browser, 12_000_000)
        why, kept = inside.run(FILL)
        assert why == "full" and kept > 10
        rows, is_short, lost, torn = inside.run(f"found(notebook, album, {kept}, [{kept}])")
        assert rows >= kept and not (is_short or lost or torn)
        quota(browser, 2_000_000_000)
        inside.run('notebook.remember("after", "yes")')
        assert inside.run('notebook.remembered("after")') == "yes"


def test_a_browser_that_deleted_everything_begins_anew_and_the_bureau_sees_it(
    bureau: Bureau, tmp_path: Path
) -> None:
    with (
        served(bureau),
        playing() as play,
        pocket_browser(play, tmp_path / "p", bureau.address) as browser,
    ):
        browser.open(install=True)
        browser.enrol(bureau.code())
        browser.page.goto("about:blank")
        everything = {"origin": browser.origin, "storageTypes": "all"}
        browser.context.new_cdp_session(browser.page).send("Storage.clearDataForOrigin", everything)
        assert browser.open(install=True).shows("enrol-code", 60_000)
        browser.enrol(bureau.code())
    with bureau.store.reading() as tx:
        assert [call.is_again for call in last_calls(tx)] == [True]


def quota(browser: PocketBrowser, size: int) -> None:
    client = browser.context.new_cdp_session(browser.page)
    client.send("Storage.overrideQuotaForOrigin", {"origin": browser.origin, "quotaSize": size})
