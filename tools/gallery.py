"""Every screen of the field app in every dress, from the running programs, laid out on sheets.

`python -m tools.gallery dark english` takes these two anew.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from PIL import Image, ImageDraw, ImageFont

from tests.journeys import beyond, tour
from tests.journeys.flet_driver import FletDriver
from tests.journeys.worker import FINE, Worker

ROOT = Path(__file__).parent.parent
LARGE = ROOT / "var/screens"  # as the phone shows them: to look at, not to keep
SHEETS = ROOT / "docs/pictures/fieldapp"
MANUAL = ROOT / "docs/fieldapp.md"
SHOWN = re.compile(r"pictures/fieldapp/([\w-]+)\.png")  # by itself, not only on a sheet
LETTERS = ROOT / "assets/assets/fonts/NotoSansSC-Regular.ttf"
GROUND, INK = "#7B837F", "#FFFFFF"
GAP, HEAD, ACROSS = 16, 28, 8
SINGLE, SMALL = 240, 150  # pixels: the width of a screen by itself, and on a sheet


@dataclass(frozen=True, slots=True)
class Dress:
    """How one phone shows all screens; sizes in logical pixels."""

    name: str
    width: int = 390
    height: int = 844
    dark: bool = False
    text: float = 1
    english: bool = False
    left_handed: bool = False


DRESSES = (
    Dress("light"),
    Dress("dark", dark=True),
    Dress("english", english=True),
    Dress("left-handed", left_handed=True),
    Dress("large-phone", 480, 1000),
    Dress("small-phone", 320, 568),
    Dress("large-text", text=2),
    Dress("small-phone-large-text", 320, 568, text=2),
)


def photograph(names: Sequence[str] = ()) -> None:
    """Walks past every screen once in each dress of these names, in all where there are none."""
    SHEETS.mkdir(parents=True, exist_ok=True)
    for dress in DRESSES:
        if not names or dress.name in names:
            shots = dict(_walked(dress))
            _sheet(shots).save(SHEETS / f"all-{dress.name}.png", optimize=True)
            if dress == DRESSES[0]:
                for name in shots.keys() & set(SHOWN.findall(MANUAL.read_text())):
                    small = _narrow(shots[name], SINGLE).quantize(40, dither=Image.Dither.NONE)
                    small.save(SHEETS / f"{name}.png", optimize=True)


def _walked(dress: Dress) -> Iterator[tuple[str, Image.Image]]:
    folder = LARGE / dress.name
    rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with TemporaryDirectory(prefix="xuncha-") as place, tour.seasoned(Path(place), FINE) as there:
        put_on(there.one, dress)
        _settings(there.one.phone, dress)
        for number, name in enumerate(beyond.all_of(there)):
            picture = shot(there.one.phone)
            picture.save(folder / f"{number:02d}-{name}.png")
            yield name, picture


def put_on(one: Worker, dress: Dress) -> None:
    """What the phone itself decides: its size, its light, how large its letters are."""
    page = one.phone.page
    page.set_viewport_size({"width": dress.width, "height": dress.height})
    page.emulate_media(color_scheme="dark" if dress.dark else "light")
    one.phone.enlarge(dress.text)
    page.wait_for_timeout(1_500)


def _settings(phone: FletDriver, dress: Dress) -> None:
    """What the worker decides."""
    wanted = {"language-en": dress.english, "left_handed-true": dress.left_handed}
    if any(wanted.values()):
        phone.go("settings")
        for tile in [name for name, yes in wanted.items() if yes]:
            phone.go(tile)
        phone.go("back")


def shot(phone: FletDriver) -> Image.Image:
    phone.page.wait_for_timeout(1_000)
    return Image.open(BytesIO(phone.page.screenshot())).convert("RGB")


def _sheet(shots: dict[str, Image.Image]) -> Image.Image:
    """All screens of one dress, each with its name above it."""
    small = {name: _narrow(picture, SMALL) for name, picture in shots.items()}
    width, height = next(iter(small.values())).size
    rows = -(-len(shots) // ACROSS)
    sheet = Image.new(
        "RGB", (ACROSS * (width + GAP) + GAP, rows * (height + HEAD + GAP) + GAP), GROUND
    )
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(LETTERS, 16)
    for place, (name, picture) in enumerate(small.items()):
        down, across = divmod(place, ACROSS)
        left, top = GAP + across * (width + GAP), GAP + down * (height + HEAD + GAP)
        pen.text((left, top), name, INK, font)
        sheet.paste(picture, (left, top + HEAD))
    return sheet.quantize(64, dither=Image.Dither.NONE)


def _narrow(picture: Image.Image, width: int) -> Image.Image:
    size = (width, round(width * picture.height / picture.width))
    return picture.resize(size, Image.Resampling.LANCZOS)


if __name__ == "__main__":
    photograph(sys.argv[1:])
