"""One bureau, one field app and one browser for the journeys of a module, and as many phones as
they want: what a journey needs of its own is a profile, not a program."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

from demo import scenes
from demo.programs import Program, reachable
from tests.journeys.conftest import Bureau, free_port
from tests.journeys.flet_driver import PHONE, QUIET
from tests.journeys.test_story import bureau_without_server
from tests.journeys.worker import AT_THE_FIRST_COMPOUND, Worker, field_app, needs_chromium

ALLOWED = ("geolocation", "camera")


@dataclass(frozen=True, slots=True)
class Town:
    """`allowed` is what a worker grants the app; anything else is denied without a question."""

    bureau: Bureau
    address: str
    phones: Path
    play: Playwright
    browser: Browser

    @contextmanager
    def newcomer(self, allowed: Sequence[str] = ALLOWED) -> Iterator[Worker]:
        """A phone that nobody enrolled yet."""
        context = self.browser.new_context(
            **PHONE, geolocation=AT_THE_FIRST_COMPOUND, permissions=list(allowed)
        )
        try:
            yield Worker(self.play, context, self.address)
        finally:
            context.close()

    @contextmanager
    def worker(self, allowed: Sequence[str] = ALLOWED) -> Iterator[Worker]:
        with self.newcomer(allowed) as one:
            one.enrol(self.bureau.code())
            yield one


@contextmanager
def a_town(folder: Path, film: bytes = b"", database: str = "") -> Iterator[Town]:
    """`film` is what every camera here sees, JPEG after JPEG. The bureau's database is a file in
    the folder unless another one is named."""
    chromium = needs_chromium()
    seen = folder / "film.mjpeg"
    seen.write_bytes(film or scenes.entrance() * 2)
    flags = [
        *QUIET,
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={seen}",
    ]
    bureau, phones = bureau_without_server(folder, database), folder / "phones"
    with Program.server(bureau.settings) as server:
        reachable(bureau.settings.port, server)
        with (
            field_app(free_port(), bureau.address, phones) as address,
            sync_playwright() as play,
        ):
            browser = play.chromium.launch(executable_path=chromium, args=flags)
            yield Town(bureau, address, phones, play, browser)
            browser.close()
    bureau.store.close()
