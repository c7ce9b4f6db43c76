"""Checks that bytes are a photo that may be kept: one whole JPEG of allowed size without metadata.

Its pixels are not decoded: docs/decisions/0009.
"""

import re
from collections.abc import Iterator

from contract.jpeg_scans import scan_count
from sync_server.problems import PhotoHasMetadata, PhotoNotJpeg, PhotoTooManyPixels

START, END, SCAN = 0xD8, 0xD9, 0xDA
APP0, APP2, APP14 = 0xE0, 0xE2, 0xEE
COMMENT = 0xFE
WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
AFTER_SCAN = re.compile(rb"\xff[^\x00\x01\xd0-\xd7]", re.DOTALL)
Segment = tuple[int, bytes]


def check_jpeg(jpeg: bytes, most_pixels: int) -> tuple[int, int]:
    """Width and height in pixels. Raises PhotoNotJpeg, PhotoTooManyPixels or PhotoHasMetadata."""
    segments = list(_segments(jpeg))
    frame = next((body for marker, body in segments if marker in FRAMES and len(body) > 5), b"")
    if not frame or SCAN not in {marker for marker, _ in segments}:
        raise PhotoNotJpeg("no pixels")
    height, width = int.from_bytes(frame[1:3]), int.from_bytes(frame[3:5])
    if not width * height:
        raise PhotoNotJpeg("no size")
    if width * height > most_pixels:
        raise PhotoTooManyPixels(f"{width} x {height}")
    if not scan_count(jpeg):
        raise PhotoNotJpeg("the scans do not cover the picture")
    if any(_is_metadata(marker, body) for marker, body in segments):
        raise PhotoHasMetadata
    return width, height


def _is_metadata(marker: int, body: bytes) -> bool:
    """Rule L6: EXIF, XMP, comments, and a second image such as a thumbnail, which may show what was
    masked. Allowed is what a decoder needs: JFIF without thumbnail, colour profile, Adobe's."""
    if marker == COMMENT:
        return True
    if not APP0 <= marker <= 0xEF:
        return False
    if marker == APP0:
        return not body.startswith(b"JFIF\0") or body[12:14] != b"\0\0"
    allowed = {APP2: b"ICC_PROFILE\0", APP14: b"Adobe"}
    return marker not in allowed or not body.startswith(allowed[marker])


def _segments(jpeg: bytes) -> Iterator[Segment]:
    """Marker and content of every segment. Raises PhotoNotJpeg if the file is not whole, and
    PhotoHasMetadata for bytes after the image."""
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
        if marker == 0xFF or marker in WITHOUT_LENGTH:  # a fill byte, or a marker alone
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(jpeg[at + 2 : at + 4])
        yield marker, jpeg[at + 4 : at + 2 + length]
        at += 2 + max(2, length)
        if marker == SCAN:
            at = _after_scan(jpeg, at)
    raise PhotoNotJpeg("torn")


def _after_scan(jpeg: bytes, at: int) -> int:
    """The offset at which the coded pixels end: the next marker that is neither a stuffed FF nor a
    restart."""
    if found := AFTER_SCAN.search(jpeg, at):
        return found.start()
    raise PhotoNotJpeg("torn")
