"""The field app in a phone's browser, beside the one on a web host, in one run:
`python -m bench.browser_app` (four minutes; `--quarter`: once more with a quarter of a machine).

The app as `make app` built it, served by the real server on loopback to Chromium. Cold start: a
fresh profile, from the tap on "download" until the first screen can be used. Warm start: the same
profile in a browser that has just begun, from the address on. Taps: `bench.worker`'s measure.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Playwright

from bench.processors import cpu_s, held_mb, quota
from bench.tables import machine, middle, share, table, verdict
from bench.worker import STAND, STOOD
from browser_app import assemble
from demo.programs import Program, reachable
from fieldapp.adapters.cryptography_cipher import AesCipher
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from sync_server.importing.seed import seed
from sync_server.settings import Settings
from sync_server.store.engine import Store
from tests.browser_app.inside import Inside, source_of
from tests.browser_app.pocket_browser import PocketBrowser, playing, pocket_browser
from tests.journeys.conftest import COUNTY, Bureau, free_port
from tests.journeys.flet_driver import FletDriver

ROOT = Path(__file__).parent.parent
STARTS, ROUNDS, COMMITS = 5, 5, 200
# Each tap with what stands then; it ends where it began.
TAPS = (
    *(
        ("add", "building-2"),
        ("building-2", "unit-1"),
        ("back", "add"),
        ("settings", "language-zh"),
    ),
    *(("privacy", "title"), ("back", "language-zh"), ("back", "add"), ("duty", "duty-card")),
    *(("back", "add"), ("sync", "retry"), ("back", "add"), ("reports", "find"), ("back", "add")),
)
BARS = {
    "to fetch at first, compressed": (25, "MB"),
    "cold start, from the tap": (6.0, "s"),
    "first picture": (1.0, "s"),
    "warm start": (3.8, "s"),
    "warm start, processor time": (7.0, "s"),
    "a tap until the next screen, p50": (130, "ms"),
    "a tap until the next screen, p95": (300, "ms"),
    "memory of the page": (350, "MB"),
}
# Milliseconds since the address was opened.
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
TIMED = """
import time
def timed():
    took = []
    for number in range({commits}):
        began = time.perf_counter()
        notebook.remember("key", str(number))
        took.append(1000 * (time.perf_counter() - began))
    return took
timed()
"""


@dataclass
class Found:
    """What was measured of one build, by the name of its row."""

    rows: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, *values: float) -> None:
        self.rows.setdefault(name, []).extend(values)


def main() -> int:
    asked = _asked()
    app: Path = asked.app
    if not asked.app_is_current and not assemble.is_current(app):
        print(assemble.build(app))
    print(machine(), flush=True)
    with TemporaryDirectory(prefix="xuncha-", dir=asked.dir) as folder:
        inside, host = Found(), Found()
        _sizes(app, inside)
        with _bureau(Path(folder), app) as bureau, playing() as play:
            _measured(play, bureau, Path(folder) / "whole", Part("", 1, asked.starts, inside, host))
            if asked.quarter:
                quarter = Part("a quarter: ", 0.25, asked.starts, inside, host)
                _measured(play, bureau, Path(folder) / "quarter", quarter)
        _commits_of_host(Path(folder), host)
    print(_table(inside, host))
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.browser_app", description=__doc__)
    parser.add_argument("--app", type=Path, default=ROOT / "build/app", help="built if outdated")
    parser.add_argument("--app-is-current", action="store_true", help="as it is")
    parser.add_argument("--dir", type=Path, default=ROOT / "build", help="on a real disk")
    parser.add_argument("--starts", type=int, default=STARTS, help="of each kind")
    parser.add_argument("--quarter", action="store_true", help="once more on a cheap phone")
    return parser.parse_args()


@contextmanager
def _bureau(folder: Path, app: Path) -> Iterator[Bureau]:
    settings = Settings(
        database=f"sqlite:///{folder}/bureau.db",
        photos=folder / "photos",
        port=free_port(),
        field_app=app,
    )
    store = Store.open(settings.database, settings.bureau)
    seed(store, COUNTY, {})
    with Program.server(settings) as server:
        reachable(settings.port, server)
        yield Bureau(settings, store)
    store.close()


def _sizes(app: Path, found: Found) -> None:
    files = json.loads((app / assemble.LIST).read_text())["files"].values()
    core = [one for one in files if "later" not in one]
    later = [one for one in files if "later" in one]
    found.add("to fetch at first, compressed", sum(one["packed"] for one in core) / 1e6)
    found.add("on the phone then", sum(one["bytes"] for one in core) / 1e6)
    found.add("fetched behind it", sum(one["packed"] for one in later) / 1e6)


Into = tuple[str, Found]  # what stands before the names of rows, and where these go


def _measured(play: Playwright, bureau: Bureau, folder: Path, part: "Part") -> None:
    """Starts of both builds in turn, then their taps, memory and commits."""
    folder.mkdir()
    for turn in range(part.starts):
        with part.browser(play, folder / f"cold-{turn}", bureau.address) as browser:
            part.inside.add(f"{part.named}cold start, from the tap", _cold(browser))
    port = free_port()
    with Program.field_app(port, bureau.address, folder / "phones") as program:
        reachable(port, program)
        host = f"http://127.0.0.1:{port}"
        with pocket_browser(play, folder / "inside", bureau.address) as browser:
            browser.open(install=True)
            browser.enrol(bureau.code())
        with pocket_browser(play, folder / "host", host) as browser:
            browser.phone.open(host)
            browser.enrol(bureau.code())
        for turn in range(part.starts):
            is_last = turn == part.starts - 1
            with part.browser(play, folder / "inside", bureau.address) as browser:
                into = (part.named, part.inside)
                _warm(browser, f"{bureau.address}/app/", into)
                if is_last:
                    _tapped(browser.phone, into)
            with part.browser(play, folder / "host", host) as browser:
                _warm(browser, host, (part.named, part.host))
                if is_last:
                    _tapped(browser.phone, (part.named, part.host))
    with part.browser(play, folder / "commits", bureau.address) as browser:
        _committed(browser, (part.named, part.inside))


@dataclass(frozen=True)
class Part:
    """One half of the run: with which share of the processors, and where its figures go."""

    named: str
    share: float
    starts: int
    inside: Found
    host: Found

    @contextmanager
    def browser(self, play: Playwright, profile: Path, origin: str) -> Iterator[PocketBrowser]:
        with (
            pocket_browser(play, profile, origin) as browser,
            quota(browser.processes(), self.share),
        ):
            yield browser


def _cold(browser: PocketBrowser) -> float:
    browser.page.goto(f"{browser.origin}/app/")
    browser.page.locator("#install").wait_for()
    began = time.perf_counter()
    browser.page.locator("#install").click()
    _until_shown(browser.phone, "enrol-code")
    return time.perf_counter() - began


def _warm(browser: PocketBrowser, address: str, into: Into) -> None:
    """From the address until home can be used; then how much memory its page holds."""
    named, found = into
    browser.page.goto("about:blank")
    time.sleep(1)
    spent, began = cpu_s(browser.processes()), time.perf_counter()
    browser.page.goto(address)
    _until_shown(browser.phone, "add")
    found.add(f"{named}warm start", time.perf_counter() - began)
    found.add(f"{named}warm start, processor time", cpu_s(browser.processes()) - spent)
    found.add(f"{named}first picture", browser.page.evaluate(PAINTED) / 1000)
    browser.page.wait_for_timeout(3_000)
    found.add(f"{named}memory of the page", max(map(held_mb, browser.processes())))


def _until_shown(phone: FletDriver, identifier: str) -> None:
    phone.page.locator("flt-semantics-placeholder").wait_for(state="attached", timeout=120_000)
    phone.awake()
    phone.at(identifier).first.wait_for(state="attached", timeout=120_000)


def _tapped(phone: FletDriver, into: Into) -> None:
    named, found = into
    took = [_change(phone, *tap) for _ in range(ROUNDS) for tap in TAPS]
    found.add(f"{named}a tap until the next screen, p50", share(took, 0.5))
    found.add(f"{named}a tap until the next screen, p95", share(took, 0.95))


def _change(phone: FletDriver, tapped: str, awaited: str) -> float:
    node = phone.reach(phone.at(tapped))
    phone.page.evaluate(STAND, [awaited])
    node.click()
    phone.until(STOOD, [awaited], 30_000)
    [took] = phone.page.evaluate(STOOD, [awaited])
    phone.page.wait_for_timeout(500)
    return float(took)


def _committed(browser: PocketBrowser, into: Into) -> None:
    named, found = into
    inside = Inside(browser)
    inside.run(source_of("writing.py") + "\nnotebook, album = opened()")
    _add_commits((named, found), inside.run(TIMED.format(commits=COMMITS), 120))


def _commits_of_host(folder: Path, found: Found) -> None:
    notebook = SqliteNotebook(folder / "notebook.db", AesCipher(b"k" * 32))
    took = list[float]()
    for number in range(COMMITS):
        began = time.perf_counter()
        notebook.remember("key", str(number))
        took.append(1000 * (time.perf_counter() - began))
    _add_commits(("", found), took)


def _add_commits(into: Into, took: list[float]) -> None:
    named, found = into
    found.add(f"{named}a commit, p50", share(took, 0.5))
    found.add(f"{named}a commit, p90", share(took, 0.9))


UNITS: tuple[tuple[str, str, int], ...] = (
    ("memory", "MB", 0), ("fetch", "MB", 1), ("phone then", "MB", 1), ("tap until", "ms", 0),
    ("commit", "ms", 1), ("start", "s", 1), ("picture", "s", 1),
)  # fmt: skip


def _table(inside: Found, host: Found) -> str:
    rows = []
    for name, values in inside.rows.items():
        unit, digits = next((u, d) for key, u, d in UNITS if key in name)
        bar, _ = BARS.get(name, (None, ""))
        met = verdict(median(values) <= bar) if bar is not None else ""
        other = f"{middle(host.rows[name], digits)} {unit}" if name in host.rows else ""
        wanted = f"≤ {bar} {unit}" if bar is not None else ""
        rows.append([name, f"{middle(values, digits)} {unit}", wanted, met, other])
    return table(("", "in the browser", "wanted", "", "on a web host"), rows)


if __name__ == "__main__":
    sys.exit(main())
