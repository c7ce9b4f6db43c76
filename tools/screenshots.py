"""`make screenshots`: README's two pictures, taken of the running programs on the demo county, and
every screen of the field app in every dress, for its manual."""

import asyncio
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from demo import play, scenes
from demo.pocket import Pocket
from demo.programs import Program, reachable
from demo.stage import SUPERVISOR, Stage
from sync_server.settings import Settings
from tests.journeys.conftest import free_port
from tests.journeys.console_driver import sign_in
from tests.journeys.flet_driver import CHROMIUM, QUIET
from tests.journeys.worker import FINE, Worker, field_app, worker
from tools import console_gallery, gallery

ROOT = Path(__file__).parent.parent
OUT = ROOT / "docs/pictures"
GAP = 24  # pixels between two phones
FACE = (93, 246)  # on the mask's screen: a tap there is a tap on the picture, which has no name


def main() -> int:
    """Writes phone.png and console.png, and what the galleries write."""
    OUT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="xuncha-") as temporary:
        folder = Path(temporary)
        settings = Settings(
            database=f"sqlite:///{folder}/bureau.db", photos=folder / "photos", port=free_port()
        )
        stage = Stage.set_up(settings, ROOT / "demo/county.json", folder)
        with Program.server(settings) as server:
            reachable(settings.port, server)
            asyncio.run(play.one_lead(stage, print))
            asyncio.run(_more_leads(stage, folder))
            _phone(stage, folder)
            _console(stage)
        stage.close()
    gallery.photograph()
    console_gallery.photograph()
    return 0


async def _more_leads(stage: Stage, folder: Path) -> None:
    async with Pocket(folder / "second") as phone:
        address = f"http://127.0.0.1:{stage.settings.port}"
        await phone.courier.enrol(stage.code(), "demo", address)
        await phone.courier.round()
        for n, compound in enumerate(phone.memory.places().compounds):
            pictures = tuple(
                phone.photographed(scenes.entrance(k), play.HEADS) for k in range(n % 3)
            )
            lead = play.draft(phone, pictures)
            phone.sealed(lead.changed(place=play.at(compound), signs=("SIGNBOARD", "SCHEDULE")))
        await phone.courier.round()


def _phone(stage: Stage, folder: Path) -> None:
    bureau = f"http://127.0.0.1:{stage.settings.port}"
    with (
        field_app(free_port(), bureau, folder / "phones") as address,
        worker(folder / "profile", address, FINE) as one,
    ):
        one.enrol(stage.code())
        shots = [_night(one), *_lead(one)]
    _row(shots).save(OUT / "phone.png", optimize=True)


def _night(one: Worker) -> Image.Image:
    one.phone.page.emulate_media(color_scheme="dark")
    return _shot(one.phone.page)


def _lead(one: Worker) -> list[Image.Image]:
    shots = []
    for identifier in ("add", "building-2", "unit-1"):
        one.phone.tap(identifier)
    shots.append(_shot(one.phone.page))
    for identifier in ("next", "sign-POSTER"):
        one.phone.tap(identifier)
    shots.append(_shot(one.phone.page))
    for identifier in ("photo", "shutter"):
        one.phone.tap(identifier)
    one.phone.at("use").wait_for(state="attached")
    one.phone.page.mouse.click(*FACE)
    shots.append(_shot(one.phone.page))
    return shots


def _console(stage: Stage) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        page = browser.new_page(locale="zh-CN", viewport={"width": 1440, "height": 860})
        page.goto(f"http://127.0.0.1:{stage.settings.port}")
        sign_in(page, SUPERVISOR, stage.kept.passwords[SUPERVISOR])
        page.get_by_role("link", name="示范公寓").first.click()
        page.locator("article img").first.evaluate("one => one.decode()")  # however slow
        _shot(page).save(OUT / "console.png", optimize=True)
        browser.close()


def _shot(page: Page) -> Image.Image:
    page.wait_for_timeout(900)
    picture = Image.open(BytesIO(page.screenshot()))
    return picture.convert("RGB").quantize(128)


def _row(shots: list[Image.Image]) -> Image.Image:
    width = sum(shot.width for shot in shots) + GAP * (len(shots) - 1)
    row = Image.new("RGB", (width, shots[0].height), "#7B837F")
    left = 0
    for shot in shots:
        row.paste(shot.convert("RGB"), (left, 0))
        left += shot.width + GAP
    return row.resize((row.width // 2, row.height // 2), Image.Resampling.LANCZOS).quantize(200)


if __name__ == "__main__":
    sys.exit(main())
