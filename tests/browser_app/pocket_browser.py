"""One phone's browser with the app inside it; it can be killed as a system kills."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Playwright, sync_playwright

from tests.journeys.flet_driver import PHONE, FletDriver
from tests.journeys.worker import (
    ANIMATIONS,
    AT_THE_FIRST_COMPOUND,
    flags_with_camera,
    needs_chromium,
)

START_S = 120
DRAWN = "performance.getEntriesByName('drawn').length > 0"
SAFE = ("data:", "blob:")


class PocketBrowser:
    """A profile of Chromium on the app; `strangers` are requests beyond the bureau's own origin."""

    def __init__(self, context: BrowserContext, profile: Path, origin: str) -> None:
        self.context, self.profile, self.origin = context, profile, origin
        self.strangers: list[str] = []
        context.on("request", lambda request: self._heard(request.url))
        self.page = context.pages[0] if context.pages else context.new_page()
        self.phone = FletDriver(self.page, timeout_ms=60_000)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, *, install: bool = False) -> FletDriver:
        """The app, once its own first screen is drawn."""
        self.page.goto(f"{self.origin}/app/")
        if install:
            self.page.locator("#install").click(timeout=START_S * 1000)
        self.phone.until(f"() => {DRAWN}", None, START_S * 1000)
        return self.phone.awake()

    def enrol(self, code: str) -> None:
        self.phone.write("enrol-code", code)
        self.phone.tap("enrol")
        assert self.phone.shows("add", 60_000), self.phone.all_said()

    def kill(self) -> None:
        """kill -9 of every process of this browser."""
        for number in self.processes():
            with suppress(OSError):
                os.kill(number, signal.SIGKILL)
        with suppress(Error):
            self.context.close()

    def processes(self) -> list[int]:
        parents, tops = dict[int, int](), list[int]()
        for entry in Path("/proc").iterdir():
            with suppress(OSError, ValueError):
                number = int(entry.name)
                parents[number] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                words = (entry / "cmdline").read_bytes()
                if f"--user-data-dir={self.profile}\0".encode() in words:
                    tops.append(number)
        found = set(tops)
        for _ in range(8):
            found |= {child for child, parent in parents.items() if parent in found}
        return sorted(found)

    def _heard(self, url: str) -> None:
        if not url.startswith((self.origin, *SAFE, ANIMATIONS)):
            self.strangers.append(url)


@contextmanager
def pocket_browser(play: Playwright, profile: Path, origin: str) -> Iterator[PocketBrowser]:
    """The same folder again is the same phone."""
    context = play.chromium.launch_persistent_context(
        profile,
        executable_path=needs_chromium(),
        args=flags_with_camera(profile),
        geolocation=AT_THE_FIRST_COMPOUND,
        permissions=["geolocation", "camera"],
        **PHONE,
    )
    try:
        yield PocketBrowser(context, profile, origin)
    finally:
        with suppress(Error):  # it may have been killed
            context.close()


@contextmanager
def playing() -> Iterator[Playwright]:
    with sync_playwright() as play:
        yield play


def wait_until_gone(browser: PocketBrowser) -> None:
    """A killed browser's processes have ended."""
    deadline = time.monotonic() + 10
    while browser.processes() and time.monotonic() < deadline:
        time.sleep(0.05)
