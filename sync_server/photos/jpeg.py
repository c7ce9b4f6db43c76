"""Checks that bytes are a photo that may be kept: one whole JPEG of allowed size, and nothing in it
that is not the picture (rule L6).

What may stand in it is listed, to the byte; all else is refused. Its pixels are not decoded, so
what they show and what stands among them is not seen: docs/decisions/0040. Source: ITU-T T.81,
annex B.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from contract.jpeg_scans import FRAMES, OTHER_FRAMES, PROGRESSIVE, Segment, restarts_due
from sync_server.problems import PhotoHasMetadata, PhotoNotJpeg, PhotoTooManyPixels

START, END = b"\xff\xd8", b"\xff\xd9"
CODES, SCAN, QUANTISATION, INTERVAL, APP0, APP14 = 0xC4, 0xDA, 0xDB, 0xDD, 0xE0, 0xEE
# libjpeg writes 10 scans of a picture in three colours, 18 of four. Each costs whoever draws it:
# 5,000 x 5,000 px in 170 scans take 3.8 s.
MOST_SCANS, MOST_SEGMENTS = 20, 128
# The codes of mean values stand for 0 to 11 bits, all others for a run of zeros and 0 to 10 bits.
SYMBOLS = (bytes(range(12)), bytes(n for n in range(256) if n & 15 <= 10))
TABLE_IDS = frozenset({*range(4), *range(0x10, 0x14)})  # of codes: of mean values, of all others
PIXELS_END, PIXELS_END_WITH_RESTARTS = (
    re.compile(rb"\xff[\x01-\xff]"),  # FF 00 is a pixel's; [^\0] would take half as long again
    re.compile(rb"\xff[\x01-\xcf\xd8-\xff]"),
)
RESTART = re.compile(rb"\xff([\xd0-\xd7])")
RESTARTS_IN_TURN = bytes(range(0xD0, 0xD8))


def check_jpeg(jpeg: bytes, most_pixels: int) -> tuple[int, int]:
    """Width and height in pixels. Raises PhotoNotJpeg, PhotoTooManyPixels or PhotoHasMetadata."""
    segments = list(_segments(jpeg))
    scans = [one for one in segments if one.marker == SCAN]
    frame = next((one for one in segments if one.marker in FRAMES), None)
    if frame is None or not scans:
        raise PhotoNotJpeg("no pixels")
    height, width = int.from_bytes(frame.body[1:3]), int.from_bytes(frame.body[3:5])
    if not width * height:
        raise PhotoNotJpeg("no size")
    if width * height > most_pixels:
        raise PhotoTooManyPixels(f"{width} x {height}")
    due = restarts_due(segments)
    if not due or len(due) > MOST_SCANS:
        raise PhotoNotJpeg("the scans do not cover the picture, or are too many")
    has_intervals = any(one.marker == INTERVAL for one in segments)  # else pixels end at a mark
    if has_intervals and not all(map(_has_its_restarts, scans, due)):
        raise PhotoHasMetadata("restart markers that no picture needs")
    if not _is_each_used(segments, frame):
        raise PhotoHasMetadata("a table that no pixel uses")
    return width, height


def _segments(jpeg: bytes) -> Iterator[Segment]:
    """Up to the end mark. Raises PhotoNotJpeg if the file is not whole, and PhotoHasMetadata for a
    segment that is not in ALLOWED, or for bytes behind the image."""
    if not jpeg.startswith(START):
        raise PhotoNotJpeg("does not begin like a JPEG")
    at, pixels_end = len(START), PIXELS_END
    for _ in range(MOST_SEGMENTS):
        head = jpeg[at : at + 4]
        if head.startswith(END):
            if at + len(END) != len(jpeg):
                raise PhotoHasMetadata("something follows the image")
            return
        if len(head) < 4 or head[0] != 0xFF:
            raise PhotoNotJpeg(f"torn at {at}")
        marker, stop = head[1], at + 2 + int.from_bytes(head[2:])
        body = jpeg[at + 4 : stop]
        _check_segment(marker, body, stop <= len(jpeg))
        if marker == INTERVAL:
            pixels_end = PIXELS_END_WITH_RESTARTS
        at = _end_of_pixels(jpeg, stop, pixels_end) if marker == SCAN else stop
        yield Segment(marker, body, jpeg[stop:at], at)
    raise PhotoNotJpeg("too many segments")


def _check_segment(marker: int, body: bytes, is_whole: bool) -> None:
    if marker in OTHER_FRAMES:
        raise PhotoNotJpeg("a coding that browsers do not draw")
    if marker in ALLOWED and not is_whole:
        raise PhotoNotJpeg("torn")
    if marker not in ALLOWED or not ALLOWED[marker](body):
        raise PhotoHasMetadata(f"segment {marker:02X}")


def _end_of_pixels(jpeg: bytes, at: int, end: re.Pattern[bytes]) -> int:
    """The offset of the next marker that is none of the pixels' own."""
    if found := end.search(jpeg, at):
        return found.start()
    raise PhotoNotJpeg("torn")


def _has_its_restarts(scan: Segment, due: int) -> bool:
    """Whether its restart markers are just those that are due, in turn. Behind one more, anything
    could stand that no decoder reads."""
    turns = RESTARTS_IN_TURN * (due // len(RESTARTS_IN_TURN) + 1)
    return b"".join(RESTART.findall(scan.coded)) == turns[:due]


def _is_each_used(segments: Sequence[Segment], frame: Segment) -> bool:
    """Whether all that is told is needed: who we are once, each table of quantisation by a colour,
    each table of codes and each restart interval by a scan before it is told anew."""
    markers = bytes(one.marker for one in segments)
    if markers.count(APP0) > 1 or markers.count(APP14) > 1:
        return False
    given = b"".join(one.body[::65] for one in segments if one.marker == QUANTISATION)
    if len(given) != len(set(given)) or set(given) != set(frame.body[8::3]):
        return False
    unused: set[int] = set()
    for one in segments:
        told = [INTERVAL] if one.marker == INTERVAL else []
        if one.marker == CODES:
            told = [table for table, _, _ in _code_tables(one.body)]
        if not unused.isdisjoint(told) or len(told) != len(set(told)):
            return False
        unused.update(told)
        if one.marker == SCAN:
            unused.difference_update(_used(one.body, frame.marker))
    return not unused


def _used(scan: bytes, frame: int) -> Iterator[int]:
    """What a scan needs of what was told before it: tables of codes, the restart interval."""
    first, is_refined = scan[-3], scan[-1] >> 4
    yield INTERVAL
    for tables in scan[2:-3:2]:
        if frame != PROGRESSIVE or (not first and not is_refined):
            yield tables >> 4
        if frame != PROGRESSIVE or first:
            yield 0x10 | tables & 15


def _code_tables(body: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Of each table its id, how many codes of 1 to 16 bits it has, and what they stand for."""
    at = 0
    while at < len(body):
        counts = body[at + 1 : at + 17]
        symbols, stop = at + 17, at + 17 + sum(counts)
        yield body[at], counts, body[symbols:stop]
        at = stop


def _are_codes(body: bytes) -> bool:
    return bool(body) and all(_is_code_table(*table) for table in _code_tables(body))


def _is_code_table(table: int, counts: bytes, symbols: bytes) -> bool:
    """Whether there are as many symbols as codes, all different, that such codes may stand for; and
    no more codes than their bits can tell apart."""
    taken = sum(count << 15 - n for n, count in enumerate(counts))
    is_whole = len(counts) == 16 and 0 < sum(counts) == len(symbols) == len(set(symbols))
    fits = table in TABLE_IDS and taken <= 1 << 16
    return is_whole and fits and not symbols.translate(None, SYMBOLS[table >> 4])


def _form(pattern: bytes) -> Callable[[bytes], object]:
    return re.compile(pattern, re.DOTALL).fullmatch


_COLOUR = rb"(.[\x11-\x14\x21-\x24\x31-\x34\x41-\x44][\0-\3])"  # its samples, its quantisation
_FRAME = _form(rb"\x08.{4}(\x01%b|\x03%b{3}|\x04%b{4})" % (_COLOUR, _COLOUR, _COLOUR))
_TABLES = rb"(.[\0-\3\x10-\x13\x20-\x23\x30-\x33])"
# Which segments may stand in a photo, and which content each may have. A colour profile is none:
# photos are in sRGB, and a profile has room for texts.
ALLOWED: dict[int, Callable[[bytes], object]] = {
    APP0: _form(rb"JFIF\0\x01[\0-\2][\0-\2].{4}\0\0"),  # no thumbnail, and nothing behind it
    APP14: _form(rb"Adobe\0\x64\0{4}[\0-\2]"),  # as libjpeg writes it
    QUANTISATION: _form(rb"([\0-\3][^\0]{64}){1,4}"),
    CODES: _are_codes,
    INTERVAL: _form(rb".."),
    SCAN: _form(
        rb"(\x01%b|\x02%b{2}|\x03%b{3}|\x04%b{4})[\0-\x3f]{2}."
        % (_TABLES, _TABLES, _TABLES, _TABLES)
    ),
    **dict.fromkeys(FRAMES, _FRAME),
}
