"""The darkroom, by Pillow: photos upright, masked, small and without metadata."""

from collections.abc import Sequence
from io import BytesIO
from math import ceil
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from contract.visible_text import undirected
from fieldapp.adapters.mask_geometry import (
    FRAME_QUALITY,
    MAX_BYTES,
    QUALITIES,
    SHRINK,
    STRIP_HEIGHT,
    STRIP_LEFT,
    STRIP_WIDTH,
    blocks_of,
    box_of,
    strip_top,
)
from fieldapp.adapters.pillow_images import open_image
from fieldapp.ports import Frame, Mask, Refused
from fieldapp.ports.background import in_background

# What fraction of the first one's bytes each quality takes at least, whatever the photo shows.
LEAST_SHARE = (1.0, 0.7, 0.58, 0.48, 0.42)
FONT = Path(__file__).parents[2] / "assets/assets/fonts/NotoSansSC-Regular.ttf"


class PillowDarkroom:
    """Port Darkroom. `font` has the Chinese characters that Pillow's own lacks."""

    def __init__(self, font: Path = FONT) -> None:
        self._font = font

    async def develop(self, raw: bytes) -> Frame:
        return await in_background(develop, raw)

    async def masked(self, frame: Frame, masks: Sequence[Mask], strip: str = "") -> Frame:
        return await in_background(masked, frame, masks, strip, self._font)


def develop(raw: bytes) -> Frame:
    """The same as the port's, blocking."""
    image = open_image(raw)
    return Frame(_encoded(image, FRAME_QUALITY, optimize=False), *image.size)


def masked(frame: Frame, masks: Sequence[Mask], strip: str = "", font: Path = FONT) -> Frame:
    """The same as the port's, blocking."""
    image = open_image(frame.jpeg)
    for mask in masks:
        _pixelate(image, mask)
    if strip:
        _write(image, strip, font)
    return _compressed(image)


def _write(image: Image.Image, strip: str, font: Path) -> None:
    """White on black along the lower edge, in smaller letters where it would not fit."""
    size, width = max(image.size) * STRIP_HEIGHT, image.width * STRIP_WIDTH
    try:
        letters = ImageFont.truetype(font, size)
        if (length := letters.getlength(strip)) > width:
            letters = ImageFont.truetype(font, size * width / length)
    except (OSError, ImportError) as error:  # no such file, or a Pillow built without FreeType
        raise Refused("no_strip") from error
    top = strip_top(image.height, letters.size)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, top, *image.size), fill="black")
    middle = (image.width * STRIP_LEFT, (top + image.height) / 2)
    draw.text(middle, undirected(strip), font=letters, fill="white", anchor="lm")


def _pixelate(image: Image.Image, mask: Mask) -> None:
    """Each block becomes its mean colour."""
    box = left, top, right, bottom = box_of(mask, image.size)
    if blocks := blocks_of(box):
        coarse = image.crop(box).resize(blocks, Image.Resampling.BOX)
        image.paste(coarse.resize((right - left, bottom - top), Image.Resampling.NEAREST), box)


def _compressed(image: Image.Image) -> Frame:
    """A JPEG within MAX_BYTES: tries lower qualities first, then a smaller image."""
    while True:
        first = 0
        for quality, least in zip(QUALITIES, LEAST_SHARE, strict=True):
            if first * least > MAX_BYTES:
                continue  # by the size at the first quality it cannot fit: not worth encoding
            jpeg = _encoded(image, quality)
            if len(jpeg) <= MAX_BYTES:
                return Frame(jpeg, *image.size)
            first = first or len(jpeg)
        size = (ceil(image.width * SHRINK), ceil(image.height * SHRINK))
        image = image.resize(size, Image.Resampling.LANCZOS)


def _encoded(image: Image.Image, quality: int, optimize: bool = True) -> bytes:
    """`optimize` saves a few percent of the bytes and doubles the time."""
    jpeg = BytesIO()
    image.save(jpeg, "JPEG", quality=quality, optimize=optimize)
    return jpeg.getvalue()
