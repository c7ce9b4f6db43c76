"""Whether the coded pixels of a JPEG cover its picture, by Pillow."""

from contextlib import suppress
from io import BytesIO

from PIL import Image

from contract.jpeg_scans import scan_count, up_to_end

# Behind the last coded bits, for the decoder's look-ahead: ones only, which no code consists of.
PADDING = b"\xff\x00" * 8
SHRINK = 8  # each block becomes one pixel: nothing is computed but the codes are read
PATTERNS = 0, 128  # the row of a photo may be like one of them, not like both


def covers_picture(jpeg: bytes) -> bool:
    """False if a scan is missing or ends before the last row; of a picture in several scans
    (progressive) the last scan is not decoded to its end.

    Pillow does not tell its decoder's warnings. Without the end mark the decoder stops where the
    coded pixels stop, and the rows behind stay as they were before.
    """
    scans = scan_count(jpeg)
    if scans != 1:
        return bool(scans)
    endless = up_to_end(jpeg) + PADDING
    return any(_changes_last_row(endless, first) for first in PATTERNS)


def _changes_last_row(endless: bytes, first: int) -> bool:
    """Whether decoding writes over a last row that begins with pixels of this value."""
    with Image.open(BytesIO(endless), formats=("JPEG",)) as image:
        image.draft("L", (max(1, image.width // SHRINK), max(1, image.height // SHRINK)))
        last = (0, image.height - 1, image.width, image.height)
        row = bytes((first + 37 * n) % 256 for n in range(image.width))
        before = Image.frombytes("L", (image.width, 1), row).convert(image.mode)
        image.load_prepare()
        image.im.paste(before.im, last)
        with suppress(OSError):  # the end mark is missing, of course
            image.load()
        image.tile = []  # decoded as far as it goes
        return image.crop(last).tobytes() != before.tobytes()
