"""One address grammar for phone and bureau: which building, unit, floor and room a text names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contract.numerals import FIGURES, figures, plain
from contract.pieces import Part, Piece, pieces


@dataclass(frozen=True, slots=True)
class Door:
    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    area: str
    door: Door
    rest: str


_START = re.compile(rf"(?<![0-9A-Z.{FIGURES}])[0-9A-Z{FIGURES}#甲乙丙丁负地东西南北中]")
_ROAD = re.compile("[路街巷道线]$|胡同$")
_HALL = re.compile("(?:市场|商[城场厦]|广场|大[厦楼]|中心|城)$")


def parse(text: str) -> Reading:
    line = plain(text)
    line = re.sub("(?<=[0-9])一(?=[0-9])", "-", line)
    weak = None
    at = 0
    while m := _START.search(line, at):
        row = list(pieces(line, m.start()))
        if not row:
            at = m.end()
            continue
        at = row[-1].end
        row = _without_street_number(line, row)
        if not row:
            continue
        found, used = _assign(line, row)
        if not found:
            continue
        r = Reading(
            line[: row[0].start].strip(" -,/(#第"),
            Door(**{p.name.lower(): n for p, n in found.items()}),
            line[row[used - 1].end :].strip(" -,/)"),
        )
        if len(row) == 1 and row[0].part is None:
            if weak is None and (row[0].word or row[0].end == len(line)):
                weak = r
            continue
        return r
    return weak or Reading(line, Door(), "")


def _without_street_number(line, row):
    before = line[: row[0].start].rstrip()
    if not _ROAD.search(before):
        return row
    first = row[0]
    if first.part is not None:
        return row
    if first.word == "号":
        return row[1:]
    dashes = 1
    for p in row[1:]:
        if not p.dashed:
            break
        dashes += 1
    if dashes == 2:
        return row[2:]
    if dashes == 1:
        return row[1:]
    return row


def _assign(line, row):
    found = {}
    top = -1
    used = 0
    for i, p in enumerate(row):
        nxt = row[i + 1] if i + 1 < len(row) else None
        part = _part(line, p, nxt, top, row)
        if (
            part is Part.BUILDING
            and top == -1
            and p.part is None
            and nxt
            and nxt.part is Part.BUILDING
            and nxt.dashed
        ):
            row[i + 1] = Piece(
                p.number + "-" + nxt.number, nxt.word, nxt.part, p.dashed, p.start, nxt.end
            )
            continue
        if top == Part.ROOM and p.dashed and p.part in (None, Part.ROOM):
            found[Part.ROOM] += "-" + p.number
            used = i + 1
            continue
        if part <= top:
            break
        found[part] = p.number
        top = part
        used = i + 1
    return found, used


def _part(line, p, nxt, top, row):
    if p.part is not None:
        if p.part is Part.FLOOR and p.word == "楼" and top < 0 and nxt and nxt.part is Part.UNIT:
            return Part.BUILDING
        if p.part is Part.BUILDING and top == Part.BUILDING and p.word in ("座", "#"):
            return Part.UNIT
        return p.part
    digits = sum(c.isdecimal() for c in p.number)
    if top < 0:
        if nxt is None and len(row) == 1:
            before = line[: p.start].rstrip(" -")
            if p.word == "号":
                return Part.ROOM if digits >= 4 or _HALL.search(before) else Part.BUILDING
            return Part.ROOM if digits >= 3 else Part.BUILDING
        return Part.BUILDING
    if top == Part.BUILDING:
        if digits <= 2 and nxt is not None and (nxt.part is None or nxt.part > Part.UNIT):
            return Part.UNIT
        if digits >= 3:
            return Part.ROOM
        return Part.ROOM if p.word == "号" else Part.UNIT
    return Part.ROOM
