"""The screens inside the browser's page are those of the phone: words, order, sizes, gaps, colours.

A sample; with KILLS above its default (make test-browser-app) every screen of a new phone.
"""

import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from demo.programs import Program, reachable
from fieldapp.ui import theme
from tests.browser_app.pocket_browser import playing, pocket_browser
from tests.journeys import semantics, tour
from tests.journeys.conftest import Bureau
from tests.journeys.test_semantics import PRIMARY, ROUNDING, TALL
from tests.journeys.tour import STOPS, Stop
from tests.journeys.worker import needs_chromium

pytestmark = pytest.mark.browser
SAMPLE = (
    Stop("home", (), "add"),
    Stop("settings", ("settings",), "language-zh"),
    Stop("lock", ("lock",), "pin-set"),
    Stop("sync", ("back", "back", "sync"), "retry"),
    Stop("place", ("back", "add", "building-2"), "unit-1"),
    Stop("seen", ("unit-1", "next"), "sign-POSTER"),
)
OF_A_NEW_PHONE = STOPS[: [stop.name for stop in STOPS].index("question")]
IS_WHOLE = int(os.environ.get("KILLS", "20")) > 20


def test_screens_are_heard_and_hit_as_on_other_phones(bureau: Bureau, tmp_path: Path) -> None:
    needs_chromium()
    flaws = list[str]()
    with Program.server(bureau.settings) as server:
        reachable(bureau.settings.port, server)
        with playing() as play, pocket_browser(play, tmp_path / "p", bureau.address) as browser:
            phone = browser.open(install=True)
            browser.enrol(bureau.code())
            assert is_amber(browser.page), "the one next step, as the theme has it"
            phone.resize(TALL)
            for stop in tour.walk(phone, OF_A_NEW_PHONE if IS_WHOLE else SAMPLE):
                flaws += [f"{stop.name}: {flaw}" for flaw in flaws_of(browser.page)]
            assert browser.strangers == [] and browser.errors == []
    assert flaws == []


def flaws_of(page: Page) -> list[str]:
    parts = semantics.controls(semantics.read(page))
    least = dict.fromkeys(PRIMARY, theme.PRIMARY_TOUCH)
    small = [
        part.name
        for part in parts
        if min(part.w, part.h) < least.get(part.name, theme.TOUCH) - ROUNDING
    ]
    close = [
        f"{one.name} and {other.name}"
        for one, other, gap in semantics.gaps(parts)
        if gap < theme.GAP - ROUNDING
    ]
    return [
        *(f"{part.name} has no words" for part in parts if not part.label),
        *(f"{name} is small" for name in small),
        *(f"{names} are close" for names in close),
        *(f"{found} is out of order" for found in semantics.out_of_order(parts)),
        *([] if parts else ["nothing to tap"]),
    ]


def is_amber(page: Page) -> bool:
    """Whether the button for a new report has the accent's colour near its edge."""
    box = page.locator('[flt-semantics-identifier="add"]').first.bounding_box()
    assert box
    shot = Image.open(BytesIO(page.screenshot(clip=box))).convert("RGB")
    wanted = tuple(bytes.fromhex(theme.LIGHT["accent"].lstrip("#")))
    return shot.getpixel((shot.width // 2, 10)) == wanted
