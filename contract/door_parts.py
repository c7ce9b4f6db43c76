"""Decides which part of a door each number of a row names: "3-2-501" is building 3, unit 2,
room 501. What can be read in two ways names nothing.

The rules were measured on real addresses; run `bench/address_grammar.py` before and after a change.
"""

import re
from dataclasses import replace

from contract.door_doubts import (
    Row,
    chain_length,
    has_unclear_floor,
    is_letter,
    is_one_of_several,
    is_room,
    is_unclear_number,
    is_unclear_pair,
    is_unclear_range,
    is_wing,
    names_two_buildings,
    unclear_numbers,
)
from contract.door_tokens import NumberToken
from contract.door_words import (
    BASEMENT,
    HALL,
    LANE_OF_HOUSES,
    STREET,
    VILLAGE,
    DoorPart,
    WordKind,
    shop_name,
)

_FEW = 10  # how many rooms one range may hold: 605-606, 15-16
_HALL_NUMBER = re.compile("([A-Z])([0-9]{3,4}|[0-9]{1,2}[A-Z])$")

Parts = dict[DoorPart, str]


def without_area_numbers(before: str, row: Row, loose: bool = False) -> Row:
    """The row without leading numbers that belong to the area or may do so, given the text `before`
    the row: 12-3 of 示例路12-3号 and of 示例路12-3-501, 125 of "125号 3栋", 2000 of 样例2000.
    `loose` as in `assign_parts`."""
    before, row = _behind_lanes_and_gates(before.rstrip(" -)第#"), row)
    if not row:
        return row
    first, rest = row[0], row[1:]
    if _is_of_the_area(before, first, rest):
        return _without_parted(rest) if rest[0].parted and not loose else rest
    is_shop = first.kind is WordKind.SHOP and first.word.startswith("号")  # 示例街56号底商
    if STREET.search(before) and (is_shop or first.part is None):
        chain = 0 if first.word else chain_length(rest)
        is_clear = chain == 0 or (chain == 1 and rest[0].part is not DoorPart.BUILDING)
        return rest[chain:] if is_clear else _without(row, chain + 1)
    if is_wing(before, row):
        return [replace(rest[0], kind=WordKind.UNIT), *rest[1:]]
    if first.parted and not loose:
        return _without_parted(row)
    unclear = unclear_numbers(before, first, rest)
    return _without(row, unclear) if unclear else row


def assign_parts(before: str, row: Row, loose: bool = False) -> tuple[Parts, int]:
    """The parts that a row (not empty) names, and where in the text the last of them ends; none if
    the row can be read in two ways. `before` is the text before the row. Stops at the first number
    that cannot follow. `loose` also reads what may be one of several (501室 of 501室-502室) or
    something else: for finding rooms that no text may name (rule L4), never for naming a door."""
    before = before.rstrip(" -)第#")
    if not loose and has_unclear_floor(row):
        return {}, row[0].start
    joined = _join_dashed(before, _join_rows(row), loose)
    steps: list[tuple[Parts, int]] = [({}, row[0].start)]
    for i, token in enumerate(joined or ()):
        after = joined[i + 1] if joined and i + 1 < len(joined) else None
        parts, _ = steps[-1]
        is_clear = loose or not is_unclear_number(before, token, parts)
        named = _named(before, token, after, parts) if is_clear else {}
        if not named or not _may_follow(parts, token, min(named)):
            if joined and i and not loose and is_one_of_several(joined[i - 1], token, parts):
                steps.pop()
            break
        steps.append((parts | named, token.end))
    return steps[-1]


def _behind_lanes_and_gates(before: str, row: Row) -> tuple[str, Row]:
    """The row behind the streets and gates that it begins with (示例6街796号, 样例苑2号门3栋), and
    what then stands before it."""
    for i, token in enumerate(row):
        is_lane = token.kind is WordKind.LANE and not HALL.search(before)
        if not is_lane and token.kind is not WordKind.GATE:
            return before, row[i:] if i else row
        before = "街" if is_lane else "门"
    return before, row[:0]


def _is_of_the_area(before: str, first: NumberToken, rest: Row) -> bool:
    if not rest or rest[0].dashed:
        return False
    if rest[0].part is DoorPart.BUILDING:  # 125号3栋, 二排3栋
        return first.part is None or first.kind is WordKind.ROW
    if first.kind is WordKind.HOUSE:  # 100弄12号3-501, 125号3-501
        is_street_number = first.digits >= 3 or bool(LANE_OF_HOUSES.search(before))
        is_chain = len(rest) > 1 and rest[1].dashed
        return is_street_number and (is_chain or rest[0].kind is WordKind.HOUSE)
    return not first.word and first.digits >= 3  # the name of the compound ends in it: 样例2000


def _without_parted(row: Row) -> Row:
    """Without the unclear building and the chain behind it: of 样例一座3-1201 the room is clear."""
    is_chain = len(row) > 1 and row[1].part is None
    return _without(row, chain_length(row[2:]) + 2 if is_chain else 1)


def _without(row: Row, leading: int) -> Row:
    """The row without its leading tokens, but with the last of them if it can only be a room; none
    of it if nothing says what the next number is."""
    last = row[leading - 1]
    is_range = leading > 1 and last.dashed and is_room(row[leading - 2])  # 1-2-501-502
    kept = row[leading - (is_room(last) and not is_range) :]
    while kept and kept[0].part is DoorPart.BUILDING:  # A座 of 东3栋A座 is none by itself
        kept = kept[1:]
    if kept and is_room(kept[0]):
        return [replace(kept[0], kind=WordKind.ROOM), *kept[1:]]
    return kept if kept and kept[0].part is not None else row[:0]


def _join_rows(row: Row) -> Row:
    """The row with a house and its row of houses joined (第3排2号), a lane without its gate
    (13街75号门41781)."""
    first, *rest = row
    if first.kind is WordKind.LANE and rest and rest[0].kind is WordKind.GATE:
        return [first, *rest[1:]]
    if first.kind is not WordKind.ROW:
        return row
    house = rest[0] if rest else None
    joins = (WordKind.HOUSE, WordKind.BARE)
    if house is None or house.kind not in joins or not 0 < house.digits < 3:
        return [replace(first, number=first.number + "排"), *rest]
    number = f"{first.number}排{house.number}"
    return [replace(first, number=number, word=house.word, end=house.end), *rest[1:]]


def _join_dashed(before: str, row: Row, loose: bool) -> Row | None:
    """The row with numbers joined that a dash makes one: building 5-12栋, A-3栋, village number
    57-1号, rooms 605-606室, 207-1. None if it is unclear whether the dash joins or parts."""
    joined: list[NumberToken] = []
    if names_two_buildings(row):
        return None
    for i, token in enumerate(row):
        last = joined[-1] if joined else None
        if last is None or not token.dashed or last.word:
            joined.append(token)
        elif token.kind in (WordKind.UNIT, WordKind.FLOOR) and len(joined) > 1:  # 3栋1-2单元
            return joined[:-1]
        elif token.part is DoorPart.BUILDING and len(joined) > 1:  # 3-2-5栋
            return None
        elif token.part is DoorPart.BUILDING:
            dash = "" if is_letter(last) and token.digits else "-"
            joined[-1] = replace(token, number=last.number + dash + token.number, start=last.start)
        elif i == 1 and _is_house_number(before, last, token, len(row) == 2, loose):
            joined[-1] = replace(token, number=f"{last.number}-{token.number}", start=last.start)
        elif i == len(row) - 1 and _are_rooms(before, joined, token):
            number = f"{last.number}-{token.number}"
            joined[-1] = replace(token, number=number, kind=WordKind.ROOM, start=last.start)
        elif len(row) == 2 and _is_unclear(before, last, token, loose):
            return None
        else:
            joined.append(token)
    return joined


def _is_unclear(before: str, one: NumberToken, other: NumberToken, loose: bool) -> bool:
    return is_unclear_pair(before, one, other) or (not loose and is_unclear_range(one, other))


def _is_house_number(
    before: str, one: NumberToken, other: NumberToken, alone: bool, loose: bool
) -> bool:
    """57-1号 in a village, or with nothing beside it. 4-24号 may be house 24 of row 4."""
    most = 3 if loose else 1
    is_number = other.kind is WordKind.HOUSE and one.digits > 0 and 0 < other.digits <= most
    return is_number and (bool(VILLAGE.search(before)) if before else alone)


def _are_rooms(before: str, joined: Row, other: NumberToken) -> bool:
    """The last number of `joined` with the one after its dash: 605-606, 1201-1215, 207-1, and
    behind a floor C-11."""
    one, is_inside = joined[-1], len(joined) > 1
    if other.part not in (None, DoorPart.ROOM):
        return False
    if is_inside and joined[-2].kind is WordKind.FLOOR:
        return bool(other.digits)
    if not one.digits or not other.digits:
        return False
    if one.digits >= 3 and other.digits < 3:
        return is_inside or other.part is DoorPart.ROOM or bool(HALL.search(before))
    if other.digits >= 3 and _begins_with_room(before, one, is_inside):
        return True
    neighbours = 0 < int(other.number) - int(one.number) < _FEW
    return neighbours and (one.digits >= 3 or (one.digits == 2 and bool(other.word)))


def _begins_with_room(before: str, one: NumberToken, is_inside: bool) -> bool:
    """No building has a number of four digits, and no unit one of three without a dash."""
    if is_inside:
        return one.digits >= 3 and not one.dashed
    return one.digits >= 4 and bool(HALL.search(before))


def _named(before: str, token: NumberToken, after: NumberToken | None, parts: Parts) -> Parts:
    """The part that a number names; two where a hall's letter and a stall's number are one word."""
    last_part = max(parts, default=None)
    hall = None if parts else _HALL_NUMBER.match(token.number)
    if hall and token.part in (None, DoorPart.ROOM):
        return {DoorPart.BUILDING: hall[1], DoorPart.ROOM: hall[2]}
    if parts and token.kind is WordKind.HOUSE and "-" in token.number:  # 3栋2号之1
        return {}
    if token.kind is WordKind.GATE and {*parts} != {DoorPart.BUILDING}:
        return {}
    if token.part is None:
        return {_part_by_position(before, token, after, last_part): token.number}
    part = _part_by_word(before, token, after, parts)
    return {} if part is None else {part: _name(token) if part is DoorPart.UNIT else token.number}


def _name(unit: NumberToken) -> str:
    if unit.kind is WordKind.SHOP:
        return shop_name(unit.word, unit.number)
    return unit.number + ("街" if unit.kind is WordKind.LANE else "")


def _may_follow(parts: Parts, token: NumberToken, part: DoorPart) -> bool:
    """From large to small; but some say 2单元20号楼 and 12层B座, and lanes and shops are on a
    floor."""
    if part in parts or DoorPart.ROOM in parts:
        return False
    any_order = (WordKind.BUILDING, WordKind.LANE, WordKind.SHOP)
    return part >= max(parts, default=part) or token.kind in any_order


def _part_by_word(
    before: str, token: NumberToken, after: NumberToken | None, parts: Parts
) -> DoorPart | None:
    """The part that a number's word names. 楼, 座, 门, 街 and 商铺 mean different parts depending
    on what stands before (`before`, `parts`) and after."""
    in_hall = {*parts} == {DoorPart.FLOOR} or (not parts and bool(HALL.search(before)))
    if token.kind is WordKind.LANE:
        return DoorPart.UNIT if in_hall and (after or parts) else None
    if token.kind is WordKind.SHOP:
        return DoorPart.ROOM if in_hall or DoorPart.UNIT in parts else DoorPart.UNIT
    if token.word == "楼" and not parts and after and after.kind is WordKind.UNIT:
        return DoorPart.BUILDING
    if token.word == "座" and DoorPart.BUILDING in parts:
        return DoorPart.UNIT
    if token.word == "门" and not parts and after is None:  # a gate
        return None
    return token.part


def _part_by_position(
    before: str, token: NumberToken, after: NumberToken | None, last_part: DoorPart | None
) -> DoorPart:
    followed = after is not None and after.part in (None, DoorPart.FLOOR, DoorPart.ROOM)
    if last_part is None:
        return DoorPart.BUILDING if after else _part_of_lone_number(before, token)
    if last_part is DoorPart.BUILDING and BASEMENT.match(token.number):
        return DoorPart.FLOOR
    if last_part is DoorPart.BUILDING and _is_unit(token, after, followed):
        is_stall = not token.word and not after and HALL.search(before)
        return DoorPart.ROOM if is_stall else DoorPart.UNIT
    if last_part is DoorPart.UNIT and followed and _is_short(token) and not token.word:
        return DoorPart.FLOOR
    return DoorPart.ROOM


def _is_unit(token: NumberToken, after: NumberToken | None, followed: bool) -> bool:
    """Of what follows a building: 3栋2号, 3栋2号501, 3-2, 3-102-501, 3-12号."""
    if token.word:
        return followed or _is_short(token) or (token.dashed and token.digits < 4)
    return _is_short(token) or (token.dashed and after is not None and after.dashed)


def _part_of_lone_number(before: str, token: NumberToken) -> DoorPart:
    in_hall = bool(HALL.search(before))
    if in_hall and BASEMENT.match(token.number):
        return DoorPart.FLOOR
    digits = sum(c.isdecimal() for c in token.number)
    if token.word or VILLAGE.search(before):
        return DoorPart.ROOM if in_hall or digits > 4 else DoorPart.BUILDING
    return DoorPart.ROOM if digits > 2 else DoorPart.BUILDING


def _is_short(token: NumberToken) -> bool:
    return 0 < token.digits <= 2 or len(token.number) == 1
