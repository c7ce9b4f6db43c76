"""The darkroom, by Pillow: pictures upright, masked and small, and silent about their maker."""

from collections.abc import Sequence
from io import BytesIO
from math import ceil, floor
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from fieldapp.adapters.pillow_pictures import opened
from fieldapp.ports import Frame, Mask, Refused

MOST_SENT = 300 * 1024
FINE = 92  # before the masks are drawn: what is thrown away here is lost twice
LADDER = (85, 78, 70, 62, 54)  # below that, letters on a signboard suffer more than from less size
LEAST = (1.0, 0.7, 0.58, 0.48, 0.42)  # of the first one's bytes, whatever is on the picture
SMALLER = 0.8
BLOCK, BLOCKS = 24, 8  # no block is smaller than 24 px, no mask is more than 8 blocks long
FONT = Path(__file__).parents[2] / "assets/assets/fonts/NotoSansSC-Regular.ttf"
STRIP = 1 / 36  # of the longer side: the height of its letters, to be read on a phone


class PillowDarkroom:
    """Port Darkroom. `font` has the Chinese characters that Pillow's own lacks."""

    def __init__(self, font: Path = FONT) -> None:
        self._font = font

    def develop(self, raw: bytes) -> Frame:
        picture = opened(raw)
        return Frame(_encoded(picture, FINE, tight=False), *picture.size)

    def masked(self, frame: Frame, masks: Sequence[Mask], strip: str = "") -> Frame:
        picture = opened(frame.jpeg)
        for mask in masks:
            _pixelate(picture, mask)
        if strip:
            self._write(picture, strip)
        return _printed(picture)

    def _write(self, picture: Image.Image, strip: str) -> None:
        """White on black along the lower edge, smaller where it would not fit otherwise."""
        size, room = max(picture.size) * STRIP, picture.width * 0.96
        try:
            letters = ImageFont.truetype(self._font, size)
            if (length := letters.getlength(strip)) > room:
                letters = ImageFont.truetype(self._font, size * room / length)
        except (OSError, ImportError) as error:  # no such file, or a Pillow built without FreeType
            raise Refused("no_strip") from error
        top = picture.height - ceil(letters.size * 1.5)
        draw = ImageDraw.Draw(picture)
        draw.rectangle((0, top, *picture.size), fill="black")
        middle = (picture.width * 0.02, (top + picture.height) / 2)
        draw.text(middle, strip, font=letters, fill="white", anchor="lm")


def _pixelate(picture: Image.Image, mask: Mask) -> None:
    """Each block becomes its own mean; whole blocks only, so that none is smaller than allowed."""
    left, top, right, bottom = box = _box(picture, mask)
    width, height = right - left, bottom - top
    if width <= 0 or height <= 0:
        return
    block = max(BLOCK, ceil(max(width, height) / BLOCKS))
    blocks = (max(1, width // block), max(1, height // block))
    coarse = picture.crop(box).resize(blocks, Image.Resampling.BOX)
    picture.paste(coarse.resize((width, height), Image.Resampling.NEAREST), box)


def _box(picture: Image.Image, mask: Mask) -> tuple[int, int, int, int]:
    """In pixels, rounded outwards: half a pixel of a face is still of a face."""
    columns = sorted((mask.x * picture.width, (mask.x + mask.w) * picture.width))
    rows = sorted((mask.y * picture.height, (mask.y + mask.h) * picture.height))
    return (
        max(0, floor(columns[0])),
        max(0, floor(rows[0])),
        min(picture.width, ceil(columns[1])),
        min(picture.height, ceil(rows[1])),
    )


def _printed(picture: Image.Image) -> Frame:
    """As good as MOST_SENT allows: first less quality, then less size."""
    while True:
        first = 0
        for quality, least in zip(LADDER, LEAST, strict=True):
            if first * least > MOST_SENT:
                continue  # by its size at the best quality this one cannot fit
            jpeg = _encoded(picture, quality)
            if len(jpeg) <= MOST_SENT:
                return Frame(jpeg, *picture.size)
            first = first or len(jpeg)
        size = (ceil(picture.width * SMALLER), ceil(picture.height * SMALLER))
        picture = picture.resize(size, Image.Resampling.LANCZOS)


def _encoded(picture: Image.Image, quality: int, tight: bool = True) -> bytes:
    """`tight` finds the best code for this very picture: a few percent shorter, twice as long."""
    sheet = BytesIO()
    picture.save(sheet, "JPEG", quality=quality, optimize=tight)
    return sheet.getvalue()
