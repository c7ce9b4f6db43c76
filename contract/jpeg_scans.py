"""Whether the coded pixels of a JPEG can cover its picture, by its structure: nothing is decoded.

Source: ITU-T T.81, annexes A.2 (units of a scan), B.2 (markers), G.1 (progressive scans).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import ceil

END, SCAN, TABLES, INTERVAL = 0xD9, 0xDA, 0xC4, 0xDD
PROGRESSIVE = 0xC2
FRAMES = frozenset({0xC0, 0xC1, PROGRESSIVE})  # what phones and browsers draw
OTHER_FRAMES = frozenset(range(0xC3, 0xD0)) - {TABLES, 0xC8, 0xCC}  # lossless, arithmetic, …
COEFFICIENTS = 64  # of a block of 8 x 8 pixels
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_NEXT = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")


class _Broken(Exception):
    """The structure ends where it must not, or names what is not there."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Marker, content, for a scan its coded bytes, and the offset at which all of it ends."""

    marker: int
    body: bytes
    coded: bytes
    stop: int


@dataclass(frozen=True, slots=True)
class _Component:
    """One colour, `across` and `down`: its samples in a unit, relative to the other colours."""

    across: int
    down: int


@dataclass(slots=True)
class _Image:
    """What the segments so far say; `open_bits`: component → how many low bits of each coefficient
    were not sent yet, None for all of them."""

    marker: int = 0
    width: int = 0
    height: int = 0
    components: dict[int, _Component] = field(default_factory=dict)
    open_bits: dict[int, list[int | None]] = field(default_factory=dict)
    shortest: dict[int, int] = field(default_factory=dict)  # table → bits of its shortest code
    interval: int = 0
    restarts: list[int] = field(default_factory=list)  # due in each scan


def scan_count(jpeg: bytes) -> int:
    """In how many scans the picture is coded; 0 if its scans cannot cover it: a scan, a restart
    marker or bits are missing, or the coding is one that browsers do not draw. What stands behind
    the end mark is not looked at. Never raises; a cut inside of a scan without restart markers is
    seen only where so much is missing that no coding could be that short."""
    return len(restarts_due(_segments(jpeg)))


def restarts_due(segments: Iterable[Segment]) -> list[int]:
    """For each scan of these segments, up to the end mark, how many restart markers its coded
    pixels must have; [] if the scans cannot cover the picture (see `scan_count`)."""
    image = _Image()
    try:
        for segment in segments:
            _read(image, segment)
    except (_Broken, IndexError, KeyError, ValueError):
        return []
    sent = [bits for each in image.open_bits.values() for bits in each]
    return image.restarts if sent and not any(bits is None or bits for bits in sent) else []


def up_to_end(jpeg: bytes) -> bytes:
    """All before the end mark of a JPEG whose `scan_count` is not 0."""
    return jpeg[: max(segment.stop for segment in _segments(jpeg))]


def _segments(jpeg: bytes) -> Iterator[Segment]:
    """Up to the end mark. Raises _Broken if there is none."""
    if jpeg[:2] != b"\xff\xd8":
        raise _Broken
    at = 2
    while found := _NEXT.search(jpeg, at):
        at, marker = found.end(), jpeg[found.end() - 1]
        if marker == END:
            return
        if marker in _ALONE:
            continue
        stop = at + int.from_bytes(jpeg[at : at + 2])
        body, at = jpeg[at + 2 : stop], stop
        if marker == SCAN:
            after = _NEXT.search(jpeg, stop)
            at = after.start() if after else len(jpeg)
        yield Segment(marker, body, jpeg[stop:at], at)
    raise _Broken


def _read(image: _Image, segment: Segment) -> None:
    marker, body = segment.marker, segment.body
    if marker in OTHER_FRAMES or (marker in FRAMES and image.marker):
        raise _Broken
    if marker in FRAMES:
        _read_frame(image, marker, body)
    elif marker == TABLES:
        _read_tables(image, body)
    elif marker == INTERVAL:
        image.interval = int.from_bytes(body[:2])
    elif marker == SCAN:
        _read_scan(image, body, segment.coded)


def _read_frame(image: _Image, marker: int, body: bytes) -> None:
    image.marker = marker
    image.height, image.width = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
    for n in range(body[5]):
        name, sampling = body[6 + 3 * n], body[7 + 3 * n]
        image.components[name] = _Component(sampling >> 4, sampling & 15)
        image.open_bits[name] = [None] * COEFFICIENTS
    if not all(each.across and each.down for each in image.components.values()):
        raise _Broken


def _read_tables(image: _Image, body: bytes) -> None:
    at = 0
    while at < len(body):
        lengths = body[at + 1 : at + 17]
        image.shortest[body[at]] = next((n for n, codes in enumerate(lengths, 1) if codes), 16)
        at += 17 + sum(lengths)


def _read_scan(image: _Image, body: bytes, coded: bytes) -> None:
    names = [body[1 + 2 * n] for n in range(body[0])]
    tables = [body[2 + 2 * n] for n in range(body[0])]
    first, last, steps = body[1 + 2 * body[0] : 4 + 2 * body[0]]
    for name in names:
        image.open_bits[name][first : last + 1] = [steps & 15] * (last + 1 - first)
    units, blocks = _units(image, names)
    image.restarts.append(ceil(units / image.interval) - 1 if image.interval else 0)
    if image.interval and len(_RESTART.findall(coded)) < image.restarts[-1]:
        raise _Broken
    bits = [_least_bits(image, table, body) for table in tables]
    least = sum(each * bit for each, bit in zip(blocks, bits, strict=True))
    if not _can_hold(coded, units * least):
        raise _Broken


def _can_hold(coded: bytes, bits: int) -> bool:
    """Of two bytes FF 00 one counts; they are counted only where that matters."""
    if len(coded) * 4 >= bits:
        return True
    return 8 * (len(coded) - coded.count(b"\xff\x00")) >= bits


def _units(image: _Image, names: list[int]) -> tuple[int, list[int]]:
    """How many units a scan of these components has, and how many blocks of each are in one."""
    parts = [image.components[name] for name in names]
    across = max(each.across for each in image.components.values())
    down = max(each.down for each in image.components.values())
    if len(parts) > 1:
        units = ceil(image.width / (8 * across)) * ceil(image.height / (8 * down))
        return units, [each.across * each.down for each in parts]
    [part] = parts
    width, height = ceil(image.width * part.across / across), ceil(image.height * part.down / down)
    return ceil(width / 8) * ceil(height / 8), [1]


def _least_bits(image: _Image, table: int, body: bytes) -> int:
    """The fewest bits that a block can take in this scan: 0 in a scan of which one code may stand
    for many blocks."""
    first, _, steps = body[-3:]
    if first:
        return 0
    if steps >> 4:
        return 1  # one more bit of the mean value
    mean = image.shortest[table >> 4]
    return mean if image.marker == PROGRESSIVE else mean + image.shortest[16 + (table & 15)]
