"""Photographs by the hundred: whole JPEGs of about 300 KB, each with a digest of its own."""

import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageFilter

SIZE = (1600, 1200)
PHOTO_BYTES = 300 * 1024
DQT = b"\xff\xdb"


@dataclass(frozen=True, slots=True)
class Jpeg:
    """One photo in two pieces: what is its own, and the long rest that all share."""

    front: bytes
    rest: bytes
    sha256: str

    @property
    def size(self) -> int:
        return len(self.front) + len(self.rest)


def photographs() -> Iterator[Jpeg]:
    """Different whole JPEGs of about 300 KB without end. They share their coded pixels and differ
    in their quantisation table, where any value but 0 is a picture."""
    whole = _scene()
    table = whole.index(DQT) + 5
    cut = table + 64
    rest, dice = whole[cut:], random.Random(time.time_ns() ^ os.getpid())
    while True:
        own = bytes(1 + value % 255 for value in dice.randbytes(16))
        front = whole[: cut - 16] + own
        yield Jpeg(front, rest, sha256(front + rest).hexdigest())


@cache
def _scene() -> bytes:
    """Blurred noise of several sizes: as hard to code as a photograph of a wall in the evening."""
    sheet = Image.new("RGB", SIZE)
    for channel, dice in ((n, random.Random(n)) for n in range(3)):
        coarse = Image.frombytes("L", (200, 150), dice.randbytes(30_000)).resize(SIZE)
        fine = Image.frombytes("L", SIZE, dice.randbytes(SIZE[0] * SIZE[1]))
        mixed = Image.blend(coarse, fine.filter(ImageFilter.GaussianBlur(1)), 0.3)
        sheet.paste(Image.merge("RGB", [mixed] * 3), mask=Image.new("L", SIZE, 255 >> channel))
    return _of_size(sheet)


def _of_size(sheet: Image.Image) -> bytes:
    low, high = 10, 98
    while low < high:
        quality = (low + high + 1) // 2
        if len(_saved(sheet, quality)) <= PHOTO_BYTES:
            low = quality
        else:
            high = quality - 1
    return _saved(sheet, low)


def _saved(sheet: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    sheet.save(out, "JPEG", quality=quality)
    return out.getvalue()
