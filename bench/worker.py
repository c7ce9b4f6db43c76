"""The worker's day in numbers: `python -m bench.worker` (some six minutes).

Chromium on the field app's web build and the real server, as the journeys use them: taps of a task,
what a thumb meets on each screen, and, with 5,000 reports on the phone, how long a screen takes to
stand after a tap, how long the app takes to open, and how much memory its program held.
"""

import sys
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from urllib.parse import urljoin, urlsplit

from bench.phone_work import received
from bench.running import Running
from bench.tables import machine, share, table, verdict
from demo.pocket import Pocket
from fieldapp.platforms.installation import Installation
from fieldapp.ui import theme
from tests.fieldapp.test_theme import GROUNDS, TEXT, contrast
from tests.journeys import semantics, tour
from tests.journeys.days import SITE
from tests.journeys.flet_driver import PHONE
from tests.journeys.test_semantics import PRIMARY, ROUNDING, TALL
from tests.journeys.worker import FINE, Worker, inside

REPORTS, OPENINGS = 5_000, 10
TASKS = {
    "a place, without a photo": (SITE, 6),
    "a place, with one photo": ((*SITE[:-1], "photo", "shutter", "use", "seal"), 9),
    "nothing seen": (("clear", "seal"), 2),
}
CHANGE_MS, START_MS, CONTRAST, TEXT_SP, BUTTON_SP = 300, 3_000, 7, 18, 22
Rows = list[list[str]]
# What stands at once where the rest is waited for: the camera starts, the phone looks for faces.
AT_ONCE = {"shutter": "no-photo", "use": "again"}
# Run in the page: how long after the next touch each of these is there, in ms. A driver's own click
# takes longer than some screens.
STAND = """names => {
  const stood = window.stood = {};
  const is_there = name => document.querySelector(`[flt-semantics-identifier="${name}"]`);
  addEventListener('pointerdown', () => {
    const began = performance.now();
    const look = () => {
      for (const name of names) if (is_there(name)) stood[name] ??= performance.now() - began;
      if (names.some(name => !(name in stood))) requestAnimationFrame(look);
    };
    look();
  }, { capture: true, once: true });
}"""
STOOD = (
    "names => names.every(name => name in window.stood) && names.map(name => window.stood[name])"
)


def main() -> int:
    print(machine(), flush=True)
    with (
        TemporaryDirectory(prefix="xuncha-") as folder,
        tour.seasoned(Path(folder), FINE) as (one, *_),
    ):
        rows = [*_met(one), *_read()]
        inside(Path(folder) / "phones", one, _years_of_work)
        # Taps last: a place that is logged begins a patrol, and the walk wants to begin it itself.
        rows += [*_timed(one), *_opened(one), *_tapped(one)]
        peak = Running(_pid(one), 0, 0).peak_mb()
    rows.append(["memory of the app's program, at its peak", f"{peak:.0f} MB", "", ""])
    print(table(("", "found", "wanted", ""), rows))
    return 0


async def _years_of_work(phone: Pocket, _: Installation) -> None:
    received(phone.notebook, REPORTS)


def _least(name: str, found: float, wanted: float, unit: str) -> list[str]:
    return [name, f"{found:.1f} {unit}", f"≥ {wanted} {unit}", verdict(found >= wanted - ROUNDING)]


def _most(name: str, found: float, wanted: float, unit: str) -> list[str]:
    return [name, f"{found:.0f} {unit}", f"≤ {wanted:,} {unit}", verdict(found <= wanted)]


def _tapped(one: Worker) -> Rows:
    """Taps and characters from home to sealed."""
    rows = []
    for name, (taps, wanted) in TASKS.items():
        one.phone.taps = one.phone.typed = 0
        for tap in taps:
            one.phone.go(tap)
        one.phone.at("undo").wait_for(state="attached")
        rows.append(_most(f"{name}: taps", one.phone.taps, wanted, "taps"))
        rows.append(_most(f"{name}: typed", one.phone.typed, 0, "characters"))
    return rows


def _met(one: Worker) -> Rows:
    """The smallest target and the narrowest gap on any screen."""
    one.phone.resize(TALL)
    primary, other, between = list[float](), list[float](), list[tuple[float, str]]()
    for stop in tour.walk(one.phone):
        parts = semantics.controls(semantics.read(one.phone.page))
        for part in parts:
            (primary if part.name in PRIMARY else other).append(min(part.w, part.h))
        for first, second, gap in semantics.gaps(parts):
            between.append((gap, f"{stop.name}: {first.name}, {second.name}"))
    one.phone.resize(PHONE["viewport"])
    narrowest, where = min(between)
    count = f"of {len(primary) + len(other)} on {len(tour.STOPS)} screens"
    return [
        _least("smallest primary target", min(primary), theme.PRIMARY_TOUCH, "dp"),
        _least(f"smallest other target {count}", min(other), theme.TOUCH, "dp"),
        _least(f"narrowest gap ({where})", narrowest, theme.GAP, "dp"),
    ]


def _read() -> Rows:
    """The tokens: letters and their contrast."""
    lights = (theme.LIGHT, theme.DARK)
    weakest = min(contrast(lit[t], lit[g]) for lit in lights for t in TEXT for g in GROUNDS)
    return [
        _least("text", theme.BODY, TEXT_SP, "sp"),
        _least("words on buttons", theme.BUTTON, BUTTON_SP, "sp"),
        _least("weakest contrast of text, both lights", weakest, CONTRAST, ": 1"),
    ]


def _timed(one: Worker) -> Rows:
    """From the tap to the next screen, for all taps that change the screen."""
    took, ready = list[float](), dict[str, float]()
    one.phone.open(_home(one))
    one.phone.at("add").wait_for(state="attached")
    for before, stop in pairwise(tour.STOPS):
        *ways, last = stop.taps
        for tap in ways:
            one.phone.go(tour.first_report(one.phone) if tap == "@report" else tap)
        last = tour.first_report(one.phone) if last == "@report" else last
        if before.shows == stop.shows or one.phone.at(stop.shows).count():
            one.phone.go(last)
            continue
        at_once, ready[stop.shows] = _change(one, last, stop.shows)
        took.append(at_once)
    name = f"a tap until the next screen, {REPORTS:,} reports, {len(took)} taps"
    return [
        _most(f"{name}: p50", share(took, 0.5), CHANGE_MS, "ms"),
        _most(f"{name}: p95", share(took, 0.95), CHANGE_MS, "ms"),
        ["the camera, until one can shoot", f"{ready['shutter']:.0f} ms", "", ""],
        ["a picture, until its faces are covered", f"{ready['use']:.0f} ms", "", ""],
    ]


def _change(one: Worker, tapped: str, awaited: str) -> tuple[float, float]:
    """Until the screen stands, and until all of it does."""
    names = [AT_ONCE.get(awaited, awaited), awaited]
    node = one.phone.reach(one.phone.at(tapped))
    one.phone.page.evaluate(STAND, names)
    node.click()
    found = one.phone.page.wait_for_function(STOOD, arg=names, timeout=30_000).json_value()
    one.phone.page.wait_for_timeout(500)
    return found[0], found[1]


def _opened(one: Worker) -> Rows:
    """From the address until home can be used; the browser has the client already."""
    home, took = _home(one), list[float]()
    for _ in range(OPENINGS):
        began = perf_counter()
        one.phone.open(home)
        one.phone.at("add").wait_for(state="attached")
        took.append(perf_counter() - began)
    return [
        _most(
            f"opening the app, {REPORTS:,} reports: p95", 1000 * share(took, 0.95), START_MS, "ms"
        )
    ]


def _home(one: Worker) -> str:
    return urljoin(one.phone.page.url, "/")


def _pid(one: Worker) -> int:
    """The process that serves this page."""
    port = str(urlsplit(one.phone.page.url).port).encode()
    for program in Path("/proc").glob("[0-9]*/cmdline"):
        said = program.read_bytes().split(b"\0")
        if b"demo.field" in said and port in said:
            return int(program.parent.name)
    raise LookupError("the field app's program")


if __name__ == "__main__":
    sys.exit(main())
