"""Gives each number in a row its part of the door: "3-2-501" is building 3, unit 2, room 501.

The rules were measured on real addresses; run `bench/address_grammar.py` before and after a change.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from contract.pieces import Part, Piece

_STREET = re.compile("(?:[路街巷道线]|胡同|[路街道][东西南北中]段)$")
# Where a number alone is a stall or an office: 样例市场B区63号, 样例大厦1201.
_HALL = re.compile("(?:市场|商[城场厦]|广场|大[厦楼]|中心|城)(?:.{1,2}区)?$")
_BASEMENT = re.compile("B[1-9]$")
_FEW = 10  # how many rooms one range may hold: 605-606, 15-16

Row = Sequence[Piece]
Parts = dict[Part, str]


def without_area_numbers(before: str, row: Row) -> Row:
    """The row without what belongs to the area: 示例路12-3号, 125号 in "125号 3栋", 样例2000."""
    if not row:
        return row
    first, rest = row[0], row[1:]
    if rest and not rest[0].dashed and _is_of_the_area(first, rest[0]):
        return rest
    if first.part is not None or not _STREET.search(before.rstrip()):
        return row
    dashed = 0
    while not first.word and dashed < len(rest) and rest[dashed].dashed:
        dashed += 1
    return row if dashed > 1 else rest[dashed:]


def door_parts(before: str, row: Row) -> tuple[Parts, int]:
    """The parts that a row (not empty) names, and where in the text the last of them ends."""
    row = _joined(before, row)
    parts: Parts = {}
    end = row[0].start
    for i, piece in enumerate(row):
        after = row[i + 1] if i + 1 < len(row) else None
        top = max(parts, default=None)
        part = _open(before, piece, after, top) if piece.part is None else _said(piece, after, top)
        if part is None or (top is not None and part <= top):
            break
        parts[part] = piece.number + ("排" if piece.word == "排" else "")
        end = piece.end
    return parts, end


def _is_of_the_area(first: Piece, second: Piece) -> bool:
    if second.part is Part.BUILDING:
        return first.part is None or first.word == "排"
    return not first.word and first.digits >= 3  # the name of the compound ends in it: 样例2000


def _joined(before: str, row: Row) -> Row:
    """Numbers that a dash makes one: building 5-12栋, A-3栋, rooms 605-606室, 207-1."""
    whole: list[Piece] = []
    for i, piece in enumerate(row):
        last = whole[-1] if whole else None
        if last is None or not piece.dashed or last.word:
            whole.append(piece)
        elif piece.part is Part.BUILDING and len(whole) == 1:
            dash = "-" if last.digits else ""
            whole[-1] = replace(piece, number=last.number + dash + piece.number, start=last.start)
        elif i == len(row) - 1 and _are_rooms(before, last, piece, len(whole)):
            number = f"{last.number}-{piece.number}"
            whole[-1] = replace(piece, number=number, part=Part.ROOM, start=last.start)
        else:
            whole.append(piece)
    return whole


def _are_rooms(before: str, one: Piece, other: Piece, nth: int) -> bool:
    if not one.digits or not other.digits or other.part not in (None, Part.ROOM):
        return False
    if one.digits >= 3 and other.digits < 3:
        return nth > 1 or other.part is Part.ROOM or bool(_HALL.search(before.rstrip(" -")))
    neighbours = 0 < int(other.number) - int(one.number) < _FEW
    return neighbours and (one.digits >= 3 or (one.digits == 2 and bool(other.word)))


def _said(piece: Piece, after: Piece | None, top: Part | None) -> Part | None:
    """The part that the word says, but for three words that mean something else by their place."""
    if piece.word == "楼" and top is None and after and after.part is Part.UNIT:
        return Part.BUILDING
    if piece.word == "座" and top is Part.BUILDING:
        return Part.UNIT
    if piece.word == "门" and top is None and after is None:  # a gate
        return None
    return piece.part


def _open(before: str, piece: Piece, after: Piece | None, top: Part | None) -> Part:
    followed = after is not None and after.part in (None, Part.FLOOR, Part.ROOM)
    if top is None:
        return Part.BUILDING if after else _alone(before.rstrip(" -"), piece)
    if top is Part.BUILDING and _BASEMENT.match(piece.number):
        return Part.FLOOR
    if top is Part.BUILDING and (followed if piece.word else _is_short(piece)):
        return Part.UNIT
    if top is Part.UNIT and followed and _is_short(piece) and not piece.word:
        return Part.FLOOR
    return Part.ROOM


def _alone(before: str, piece: Piece) -> Part:
    in_hall = bool(_HALL.search(before))
    if in_hall and _BASEMENT.match(piece.number):
        return Part.FLOOR
    digits = sum(c.isdecimal() for c in piece.number)
    if piece.word:
        return Part.ROOM if in_hall or digits > 4 else Part.BUILDING
    return Part.ROOM if digits > 2 else Part.BUILDING


def _is_short(piece: Piece) -> bool:
    return 0 < piece.digits <= 2 or len(piece.number) == 1
