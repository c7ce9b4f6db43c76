"""The darkroom, by Pillow: photos upright, masked, small and without metadata."""

from collections.abc import Sequence
from io import BytesIO
from math import ceil, floor
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from contract.visible_text import undirected
from fieldapp.adapters.pillow_images import open_image
from fieldapp.ports import Frame, Mask, Refused

MAX_BYTES = 300 * 1024
FRAME_QUALITY = 92  # high: the frame is compressed once more after masking
# JPEG qualities that are tried in turn. Below the last, letters on a signboard become less legible
# than by shrinking the image.
QUALITIES = (85, 78, 70, 62, 54)
# What fraction of the first one's bytes each quality takes at least, whatever the photo shows.
LEAST_SHARE = (1.0, 0.7, 0.58, 0.48, 0.42)
SHRINK = 0.8
MIN_BLOCK, MAX_BLOCKS = 24, 8  # px of a mask's blocks (rule L6); blocks along a mask's longer side
FONT = Path(__file__).parents[2] / "assets/assets/fonts/NotoSansSC-Regular.ttf"
STRIP_HEIGHT = 1 / 36  # of its letters, as a fraction of the longer side: legible on a phone


class PillowDarkroom:
    """Port Darkroom. `font` has the Chinese characters that Pillow's own lacks."""

    def __init__(self, font: Path = FONT) -> None:
        self._font = font

    def develop(self, raw: bytes) -> Frame:
        image = open_image(raw)
        return Frame(_encoded(image, FRAME_QUALITY, optimize=False), *image.size)

    def masked(self, frame: Frame, masks: Sequence[Mask], strip: str = "") -> Frame:
        image = open_image(frame.jpeg)
        for mask in masks:
            _pixelate(image, mask)
        if strip:
            self._write(image, strip)
        return _compressed(image)

    def _write(self, image: Image.Image, strip: str) -> None:
        """White on black along the lower edge, in smaller letters where it would not fit."""
        size, width = max(image.size) * STRIP_HEIGHT, image.width * 0.96
        try:
            letters = ImageFont.truetype(self._font, size)
            if (length := letters.getlength(strip)) > width:
                letters = ImageFont.truetype(self._font, size * width / length)
        except (OSError, ImportError) as error:  # no such file, or a Pillow built without FreeType
            raise Refused("no_strip") from error
        top = image.height - ceil(letters.size * 1.5)
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, top, *image.size), fill="black")
        middle = (image.width * 0.02, (top + image.height) / 2)
        draw.text(middle, undirected(strip), font=letters, fill="white", anchor="lm")


def _pixelate(image: Image.Image, mask: Mask) -> None:
    """Each block becomes its mean colour; blocks divide the mask evenly, so that none is smaller
    than MIN_BLOCK (a mask that is smaller itself becomes one block)."""
    left, top, right, bottom = box = _box(image, mask)
    width, height = right - left, bottom - top
    if width <= 0 or height <= 0:
        return
    block = max(MIN_BLOCK, ceil(max(width, height) / MAX_BLOCKS))
    blocks = (max(1, width // block), max(1, height // block))
    coarse = image.crop(box).resize(blocks, Image.Resampling.BOX)
    image.paste(coarse.resize((width, height), Image.Resampling.NEAREST), box)


def _box(image: Image.Image, mask: Mask) -> tuple[int, int, int, int]:
    """Left, top, right, bottom in px, rounded outwards: half a pixel may show part of a face."""
    columns = sorted((mask.x * image.width, (mask.x + mask.w) * image.width))
    rows = sorted((mask.y * image.height, (mask.y + mask.h) * image.height))
    return (
        max(0, floor(columns[0])),
        max(0, floor(rows[0])),
        min(image.width, ceil(columns[1])),
        min(image.height, ceil(rows[1])),
    )


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
