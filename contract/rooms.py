"""Finds what names a floor or a room in a text about a home (rule L4)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from contract.address import Door, any_door, any_leading_door
from contract.numerals import CHINESE_FIGURES

StartEnd = tuple[int, int]

_FIGURES = f"0-9０-９①-⑳{CHINESE_FIGURES}"
_RUN = re.compile(f"(?:负|地下|[bB第])?[{_FIGURES}A-Za-z]+")
_WORD = re.compile("[号室房间户楼层FfＦ]{0,2}")
_CLAUSE = re.compile("[^,，。;；!！?？\n]+")
_UNITS = "元块%米人个名岁次课月日点分度平年级节套张双辆"
# Days, hours, prices and what counts something: no part of an address.
_COUNTED = re.compile(
    "20[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?|[0-9]{1,2}[:：][0-9]{2}|[0-9]+\\.[0-9]+|[0-9]{5,}"
    f"|[{_FIGURES}]+(?:[-~～至到—][{_FIGURES}]+)?(?=[{_UNITS}])"
    f"|(?:共|总共|高)[{_FIGURES}]+层|[{_FIGURES}]+层(?:楼高|小楼|高)"
)
# What the address grammar takes for no door, as nothing says what the number numbers.
_AT_HOME = re.compile(
    "(?<![0-9.:：A-Za-z-])[1-9][0-9]{2,3}(?=户|家|门|屋|住|那|亮灯|有灯|开灯)|顶[层楼]"
)
_MAY_NAME = re.compile(f"[{_FIGURES}]|顶|[A-Za-z]")
_MOST_PARTS = 8  # numbers of one door; a clause of a hundred would be read ten thousand times
_BLANK = "，"  # in place of what is counted: it ends a door


@lru_cache(maxsize=1024)  # buildings and units are the same few words again and again
def room_spans(text: str, *, is_door: bool = False) -> tuple[StartEnd, ...]:
    """Start and end (exclusive) of each floor and room that the text names, in order, without
    overlap; () if there is none. `is_door`: the text is the name of a unit, and a number of three
    digits alone is a room. Never raises."""
    if not _MAY_NAME.search(text):
        return ()
    line = _COUNTED.sub(lambda found: _BLANK * len(found[0]), text)
    found = [*_in_clauses(line), *(one.span() for one in _AT_HOME.finditer(line))]
    if is_door and not found and any_door(text).room:
        return ((0, len(text)),)
    spans: list[StartEnd] = []
    for start, end in sorted(found):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return tuple(spans)


def _in_clauses(line: str) -> Iterator[StartEnd]:
    for clause in _CLAUSE.finditer(line):
        runs = [run.span() for run in _RUN.finditer(line, *clause.span())]
        done = clause.start()
        for n, (start, _) in enumerate(runs):
            if start < done:
                continue
            door = runs[n : n + _MOST_PARTS]
            stop = clause.end() if n + _MOST_PARTS >= len(runs) else _after_word(line, door[-1][1])
            span = _room_from(line, door, stop)
            if span:
                yield span
                done = span[1]


def _room_from(line: str, runs: list[StartEnd], stop: int) -> StartEnd | None:
    """The floor or room of the door that begins at the first of these numbers; None if no door
    with one begins there."""
    first = runs[0][0]
    inside = _inside(any_leading_door(line[first:stop]))
    if inside == (None, None):
        return None
    for end in (_after_word(line, run_end) for _, run_end in runs):
        if _inside(any_door(line[first:end])) == inside:
            if line[first:end].isdecimal():
                return None  # a number alone counts anything
            begins = (start for start, _ in reversed(runs) if start < end)
            last = (start for start in begins if _inside(any_door(line[start:end])) == inside)
            return next(last, first), end
    return None


def _after_word(line: str, end: int) -> int:
    word = _WORD.match(line, end)
    return word.end() if word else end


def _inside(door: Door) -> tuple[str | None, str | None]:
    return door.floor, door.room
