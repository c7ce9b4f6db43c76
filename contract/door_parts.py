"""Decides which part of a door each number of a row names: "3-2-501" is building 3, unit 2,
room 501.

The rules were measured on real addresses; run `bench/address_grammar.py` before and after a change.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from contract.door_tokens import DoorPart, NumberToken

_STREET = re.compile("(?:[路街巷道线]|胡同|[路街道][东西南北中]段)$")
# Where a number alone is a stall or an office: 样例市场B区63号, 样例大厦1201.
_HALL = re.compile("(?:市场|商[城场厦]|广场|大[厦楼]|中心|城)(?:.{1,2}区)?$")
_BASEMENT = re.compile("B[1-9]$")
_FEW = 10  # how many rooms one range may hold: 605-606, 15-16

Row = Sequence[NumberToken]
Parts = dict[DoorPart, str]


def without_area_numbers(before: str, row: Row) -> Row:
    """The row without leading numbers that belong to the area, given the text `before` the row:
    12-3 of 示例路12-3号, 125 of "125号 3栋", 2000 of 样例2000."""
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


def assign_parts(before: str, row: Row) -> tuple[Parts, int]:
    """The parts that a row (not empty) names, and where in the text the last of them ends.
    `before` is the text before the row. Stops at the first number that cannot follow."""
    row = _join_dashed(before, row)
    parts: Parts = {}
    end = row[0].start
    for i, token in enumerate(row):
        after = row[i + 1] if i + 1 < len(row) else None
        last_part = max(parts, default=None)
        part = (
            _part_by_position(before, token, after, last_part)
            if token.part is None
            else _part_by_word(token, after, last_part)
        )
        if part is None or (last_part is not None and part <= last_part):
            break
        parts[part] = token.number + ("排" if token.word == "排" else "")
        end = token.end
    return parts, end


def _is_of_the_area(first: NumberToken, second: NumberToken) -> bool:
    if second.part is DoorPart.BUILDING:
        return first.part is None or first.word == "排"
    return not first.word and first.digits >= 3  # the name of the compound ends in it: 样例2000


def _join_dashed(before: str, row: Row) -> Row:
    """The row with numbers joined that a dash makes one: building 5-12栋, A-3栋, rooms 605-606室,
    207-1."""
    joined: list[NumberToken] = []
    for i, token in enumerate(row):
        last = joined[-1] if joined else None
        if last is None or not token.dashed or last.word:
            joined.append(token)
        elif token.part is DoorPart.BUILDING and len(joined) == 1:
            dash = "-" if last.digits else ""
            joined[-1] = replace(token, number=last.number + dash + token.number, start=last.start)
        elif i == len(row) - 1 and _are_rooms(before, last, token, len(joined)):
            number = f"{last.number}-{token.number}"
            joined[-1] = replace(token, number=number, part=DoorPart.ROOM, start=last.start)
        else:
            joined.append(token)
    return joined


def _are_rooms(before: str, one: NumberToken, other: NumberToken, nth: int) -> bool:
    if not one.digits or not other.digits or other.part not in (None, DoorPart.ROOM):
        return False
    if one.digits >= 3 and other.digits < 3:
        return nth > 1 or other.part is DoorPart.ROOM or bool(_HALL.search(before.rstrip(" -")))
    neighbours = 0 < int(other.number) - int(one.number) < _FEW
    return neighbours and (one.digits >= 3 or (one.digits == 2 and bool(other.word)))


def _part_by_word(
    token: NumberToken, after: NumberToken | None, last_part: DoorPart | None
) -> DoorPart | None:
    """The part that a number's word names. 楼, 座 and 门 mean different parts depending on what
    stands before (`last_part`) and after."""
    if token.word == "楼" and last_part is None and after and after.part is DoorPart.UNIT:
        return DoorPart.BUILDING
    if token.word == "座" and last_part is DoorPart.BUILDING:
        return DoorPart.UNIT
    if token.word == "门" and last_part is None and after is None:  # a gate
        return None
    return token.part


def _part_by_position(
    before: str, token: NumberToken, after: NumberToken | None, last_part: DoorPart | None
) -> DoorPart:
    followed = after is not None and after.part in (None, DoorPart.FLOOR, DoorPart.ROOM)
    if last_part is None:
        return DoorPart.BUILDING if after else _part_of_lone_number(before.rstrip(" -"), token)
    if last_part is DoorPart.BUILDING and _BASEMENT.match(token.number):
        return DoorPart.FLOOR
    if last_part is DoorPart.BUILDING and (followed if token.word else _is_short(token)):
        return DoorPart.UNIT
    if last_part is DoorPart.UNIT and followed and _is_short(token) and not token.word:
        return DoorPart.FLOOR
    return DoorPart.ROOM


def _part_of_lone_number(before: str, token: NumberToken) -> DoorPart:
    in_hall = bool(_HALL.search(before))
    if in_hall and _BASEMENT.match(token.number):
        return DoorPart.FLOOR
    digits = sum(c.isdecimal() for c in token.number)
    if token.word:
        return DoorPart.ROOM if in_hall or digits > 4 else DoorPart.BUILDING
    return DoorPart.ROOM if digits > 2 else DoorPart.BUILDING


def _is_short(token: NumberToken) -> bool:
    return 0 < token.digits <= 2 or len(token.number) == 1
