"""Whether bytes are a picture that may be kept: a whole JPEG of sane size, and nothing else.

Its pixels are not decoded: docs/decisions/0009.
"""

import re
from collections.abc import Iterator

from sync_server.problems import PhotoHasMetadata, PhotoNotJpeg, PhotoTooManyPixels

START, END, SCAN = 0xD8, 0xD9, 0xDA
APP0, APP2, APP14 = 0xE0, 0xE2, 0xEE
COMMENT = 0xFE
BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
AFTER_SCAN = re.compile(rb"\xff[^\x00\x01\xd0-\xd7]", re.DOTALL)
Segment = tuple[int, bytes]


def check_jpeg(jpeg: bytes, most_pixels: int) -> tuple[int, int]:
    """Width and height. Raises PhotoNotJpeg, PhotoTooManyPixels or PhotoHasMetadata."""
    segments = list(_segments(jpeg))
    frame = next((body for marker, body in segments if marker in FRAMES and len(body) > 5), b"")
    if not frame or SCAN not in {marker for marker, _ in segments}:
        raise PhotoNotJpeg("no pixels")
    height, width = int.from_bytes(frame[1:3]), int.from_bytes(frame[3:5])
    if not width * height:
        raise PhotoNotJpeg("no size")
    if width * height > most_pixels:
        raise PhotoTooManyPixels(f"{width} x {height}")
    if any(_tells(marker, body) for marker, body in segments):
        raise PhotoHasMetadata
    return width, height


def _tells(marker: int, body: bytes) -> bool:
    """Rule L6: EXIF, XMP, comments, and any second picture such as a thumbnail, from before the
    mask. What stays is what a decoder needs: JFIF without thumbnail, colour profile, Adobe's."""
    if marker == COMMENT:
        return True
    if not APP0 <= marker <= 0xEF:
        return False
    if marker == APP0:
        return not body.startswith(b"JFIF\0") or body[12:14] != b"\0\0"
    allowed = {APP2: b"ICC_PROFILE\0", APP14: b"Adobe"}
    return marker not in allowed or not body.startswith(allowed[marker])


def _segments(jpeg: bytes) -> Iterator[Segment]:
    """Every marker segment to the end of the image. Raises PhotoNotJpeg for anything torn."""
    if jpeg[:3] != b"\xff\xd8\xff":
        raise PhotoNotJpeg("does not begin like a JPEG")
    at = 2
    while at + 1 < len(jpeg):
        if jpeg[at] != 0xFF:
            raise PhotoNotJpeg(f"no marker at {at}")
        marker = jpeg[at + 1]
        if marker == END:
            if at + 2 != len(jpeg):
                raise PhotoHasMetadata("something follows the image")
            return
        if marker == 0xFF or marker in BARE:  # fill byte, or nothing in it
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(jpeg[at + 2 : at + 4])
        yield marker, jpeg[at + 4 : at + 2 + length]
        at += 2 + max(2, length)
        if marker == SCAN:
            at = _after_scan(jpeg, at)
    raise PhotoNotJpeg("torn")


def _after_scan(jpeg: bytes, at: int) -> int:
    """Where the coded pixels end: the next marker that is neither a stuffed FF nor a restart."""
    if found := AFTER_SCAN.search(jpeg, at):
        return found.start()
    raise PhotoNotJpeg("torn")
