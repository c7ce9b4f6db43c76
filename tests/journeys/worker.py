"""A worker with a phone in a browser: a profile that lasts, a position, and a camera that sees."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Geolocation, Playwright, sync_playwright

from demo import scenes
from demo.pocket import Pocket
from demo.programs import Program, reachable
from fieldapp.adapters.cryptography_cipher import AesCipher
from fieldapp.device.storage_key import load_or_create
from fieldapp.platforms.host import installation_of
from fieldapp.platforms.installation import Installation
from tests.journeys.flet_driver import CHROMIUM, PHONE, QUIET, FletDriver

LONG_MS = 30_000
FINE = 2  # pixels to a logical one, as phones have them: for pictures and measurements
AT_THE_FIRST_COMPOUND: Geolocation = {"latitude": 38.1233, "longitude": 108.5432, "accuracy": 8}
ANIMATIONS = "https://cdn.jsdelivr.net/npm/@rive-app/"  # asked for by the compiled client
LOOPBACK = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:http://127.0.0.1:")


def needs_chromium() -> str:
    """Where Chromium is; skips with words where there is none."""
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    return CHROMIUM


class Worker:
    """One browser profile on the field app; `strangers` are requests that went elsewhere
    and were not stopped by the page's own policy."""

    def __init__(self, play: Playwright, context: BrowserContext, address: str) -> None:
        self.play = play
        self.strangers: list[str] = []
        context.on("request", lambda request: self._heard(request.url))
        context.on("requestfailed", lambda request: self._stopped(request.url))
        page = context.pages[0] if context.pages else context.new_page()
        self.phone = FletDriver(page).open(address)

    def _heard(self, url: str) -> None:
        if not url.startswith(LOOPBACK):
            self.strangers.append(url)

    def _stopped(self, url: str) -> None:
        """The page's policy stopped it; only this one is known, any other stays a stranger."""
        if url.startswith(ANIMATIONS) and url in self.strangers:
            self.strangers.remove(url)

    def secret(self) -> str:
        """What this profile keeps for its own phone."""
        kept: str = self.phone.page.evaluate("JSON.parse(localStorage.getItem('flutter.phone'))")
        return kept

    def enrol(self, code: str) -> None:
        self.phone.write("enrol-code", code)
        self.phone.tap("enrol")
        if not self.phone.shows("add", LONG_MS):
            raise AssertionError(f"not enrolled: {self.phone.all_said()}")


def inside(
    phones: Path, one: Worker, work: Callable[[Pocket, Installation], Awaitable[None]]
) -> None:
    """Works on this worker's own notebook and album, as if the worker had: in a thread, for a
    browser's driver blocks the one that a test runs in."""
    mine = installation_of(phones, one.secret(), "")

    async def through() -> None:
        cipher = AesCipher(await load_or_create(mine.safe, bytes))
        async with Pocket(mine.folder, cipher) as phone:
            await work(phone, mine)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, through()).result()


@contextmanager
def field_app(port: int, bureau: str, phones: Path) -> Iterator[str]:
    """The field app's own process; yields its address."""
    with Program.field_app(port, bureau, phones) as program:
        reachable(port, program)
        yield f"http://127.0.0.1:{port}"


def flags_with_camera(profile: Path) -> list[str]:
    """Chromium's flags; before its camera stands the entrance of a building."""
    film = profile.parent / "film.mjpeg"
    if not film.exists():
        film.write_bytes(scenes.entrance() * 2)
    return [
        *QUIET,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]


@contextmanager
def worker(profile: Path, address: str, pixels: int = 1) -> Iterator[Worker]:
    """Opens the app in this profile; the same folder again is the same phone. `pixels` of the
    screen to a logical one: to draw them all costs a quarter of a journey's processor time."""
    with sync_playwright() as play:
        context = play.chromium.launch_persistent_context(
            profile,
            executable_path=needs_chromium(),
            args=flags_with_camera(profile),
            geolocation=AT_THE_FIRST_COMPOUND,
            permissions=["geolocation", "camera"],
            device_scale_factor=pixels,
            **PHONE,
        )
        try:
            yield Worker(play, context, address)
        finally:
            context.close()
