"""Where a text may name a door: rows of numbers, each with the parts that it names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contract.door_parts import Parts, assign_parts, without_area_numbers
from contract.door_tokens import tokenize
from contract.door_words import GARAGE, NEAR, SHOP_WORDS, DoorPart, WordKind
from contract.numerals import CHINESE_FIGURES, normalize, to_digits


@dataclass(frozen=True, slots=True)
class DoorCandidate:
    """What may be a door, from `start` to `end` (exclusive) of a line. Without `parts` it can be
    read in two ways."""

    start: int
    end: int
    parts: Parts
    is_sure: bool


_START = re.compile(
    rf"(?<![0-9A-Z])(?<![0-9][.:])(?<![0-9{CHINESE_FIGURES}]-)"
    rf"(?:[0-9]|(?<![{CHINESE_FIGURES}])[A-Z{CHINESE_FIGURES}#负地东西南北中]"
    "|(?<![0-9])[甲乙丙丁戊])"
    "|(?<=[A-Z]{3})(?=[0-9])"
    rf"|(?:{SHOP_WORDS}|{GARAGE})(?=[ -]?第?[0-9{CHINESE_FIGURES}])"
)
_TYPED_ZERO = re.compile("(?<=[0-9])O(?=[0-9])")
_TYPED_DASH = re.compile("(?<=[0-9])一(?=[0-9])")  # a pinyin keyboard gives 一 for "-"
# 11.1.704 and 5、3、901 end in a room; 11.30 is a time, 3、4 a list, 501、502 two rooms.
_CHAIN = re.compile(
    r"(?<![0-9.:、,])(?:[A-Z]?[0-9]{1,2} ?[.·、,。] ?){1,3}[A-Z]?[0-9]{3,4}"
    "(?![0-9]|[.、,][0-9])"
)
_CHAINED = re.compile("(?<=[0-9]) ?[.·、,。] ?(?=[0-9])")
_LISTED = re.compile("[0-9](?:号楼?|[栋幢座#])?[、和及与/,至到]$")
_ANOTHER = re.compile(
    rf"[^0-9A-Z{CHINESE_FIGURES},、。;:!?和与及跟到至-]{{1,12}}第?([0-9A-Z{CHINESE_FIGURES}]+)(?:号楼|[栋幢])"
)
_ENDS = " ,、;:-/.。!?"


def typed_line(text: str) -> str:
    """The text as `candidates` expects it: normalized, the dashes and zeros that a keyboard put
    there as other signs (3一2, 1O1, 11.1.704) in place. Never raises."""
    line = _TYPED_ZERO.sub("0", _TYPED_DASH.sub("-", normalize(text).rstrip(_ENDS)))
    return _CHAIN.sub(lambda chain: _CHAINED.sub("-", chain[0]), line)


def only_candidate(line: str) -> DoorCandidate | None:
    """The first that surely is a door, or else the only one that may be; None if another building
    is named beside it."""
    every: list[DoorCandidate] = []
    for one in candidates(line):
        if one.is_sure:
            return None if _is_beside_another(line, one) else one
        every.append(one)
    return every[0] if len(every) == 1 and every[0].parts else None


def candidates(line: str, last: int | None = None, loose: bool = False) -> Iterator[DoorCandidate]:
    """In order, none that begins after the position `last`. `loose` as in `assign_parts`, and
    without those that can be read in two ways."""
    at = 0
    while (begin := _START.search(line, at)) and (last is None or begin.start() <= last):
        row = tuple(tokenize(line, begin.start()))
        at = row[-1].end if row else begin.start() + 1  # SOHO12米: a start may be empty
        before = _before(line, begin.start())
        is_listed = bool(_LISTED.search(before))
        row = tuple(without_area_numbers(before, row, loose))
        if not row:
            continue
        start = row[0].start
        parts, end = assign_parts(_before(line, start), row, loose)
        is_lone = len(row) == 1 and row[0].kind is WordKind.BARE
        if parts and not is_listed and (not is_lone or end == len(line)):
            is_sure = len(row) > 1 or row[0].part is not None
            yield DoorCandidate(start, end, parts, is_sure)
        elif not loose and not is_lone:
            yield DoorCandidate(start, end, {}, False)


def _is_beside_another(line: str, one: DoorCandidate) -> bool:
    """样例苑3号楼旁边的5号楼 and 样例苑3号楼示例园5栋 name two buildings."""
    building = one.parts.get(DoorPart.BUILDING)
    other = _ANOTHER.match(line, one.end) if building else None
    return other is not None and to_digits(other[1]) != building


def _before(line: str, at: int) -> str:
    return line[max(0, at - NEAR) : at]
