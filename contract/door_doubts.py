"""Where the numbers of a door can be read in two ways: read as none they do less harm than read as
another door."""

import re
from collections.abc import Collection, Sequence

from contract.door_tokens import NumberToken
from contract.door_words import (
    COMPOUND,
    HALL,
    KNOWN_AREA,
    NAME_IN_LETTERS,
    OF_A_PLOT,
    ROADSIDE,
    SIDE,
    STREET,
    DoorPart,
    WordKind,
)
from contract.numerals import CHINESE_FIGURES

_JOINED = re.compile("([0-9]+)[A-Z]")
_LETTER_INSIDE = re.compile("[0-9]+[A-Z][0-9]+$")
_STREET_NUMBER = re.compile("[0-9]号$")
_FIGURE = re.compile(f"[{CHINESE_FIGURES}]$")

Row = Sequence[NumberToken]


def unclear_numbers(before: str, first: NumberToken, rest: Row) -> int:
    """How many tokens at the beginning of the row may be a door's or the area's."""
    if _is_part_of_a_name(before, first, rest):
        return chain_length(rest) + 1
    return chain_length(rest[1:]) + 2 if _begins_unclear(before, first, rest) else 0


def is_wing(before: str, row: Row) -> bool:
    """样例苑东3-2-501 and 样例苑东3-2单元: whichever building 东3 is, 2 is a unit of it."""
    if len(row) < 2 or row[0].kind is not WordKind.BARE or not 0 < row[0].digits < 3:
        return False
    is_chain = row[1].kind is WordKind.BARE and 0 < row[1].digits < 3 and chain_length(row[1:]) > 0
    is_whole = is_chain and (len(row) == 2 or (len(row) == 3 and is_room(row[2])))
    is_clear = is_whole or row[1].kind is WordKind.UNIT
    return is_clear and bool(SIDE.search(before) and COMPOUND.search(before[:-1].rstrip(" -)")))


def has_unclear_floor(row: Row) -> bool:
    """J3-1五楼 and 15-5-1楼: the number before the floor may belong to the building's name."""
    at = next((n for n, token in enumerate(row) if token.kind is WordKind.FLOOR), 0)
    if at < 2 or not row[1].dashed or row[at - 1].kind is not WordKind.BARE:
        return False
    has_letter = not row[0].digits and len(row[0].number) > 1
    return row[at].dashed or has_letter


def names_two_buildings(row: Row) -> bool:
    """3栋5号楼; but B座 of 3栋 is one of its entrances."""
    named = [
        token.number for token in row if token.kind is WordKind.BUILDING and token.word != "座"
    ]
    return len({*named}) > 1


def is_unclear_pair(before: str, one: NumberToken, other: NumberToken) -> bool:
    """示例57-1号 and 示例57-1 may be house 57-1, or entrance 1 of building 57; A-3 building A3,
    or 3 of A; 3-5楼 floors 3 to 5, or floor 5 of building 3; 示例1300-7 is neither."""
    if one.digits > 2 and other.digits < 3 and _is_unknown(before, one):
        return True
    if other.kind is WordKind.HOUSE:
        return one.digits > 0 and not COMPOUND.search(before)
    if other.kind is WordKind.BARE and 0 < other.digits < 3:
        in_hall = bool(HALL.search(before))
        is_clear = not before or in_hall or COMPOUND.search(before)
        return not is_clear or (is_letter(one) and not in_hall)
    return other.kind is WordKind.FLOOR


def is_unclear_range(one: NumberToken, other: NumberToken) -> bool:
    """514-626号 may be two rooms, or entrance 626 of building 514; 1243-1815 too."""
    return one.digits > 3 or (other.kind is WordKind.HOUSE and one.digits > 2 and other.digits > 2)


def is_unclear_number(before: str, token: NumberToken, parts: Collection[DoorPart]) -> bool:
    """8A1071 may be room 1071 of 8A; 示例路12号B347 room B347 of number 12, or 347 of its B座;
    7-91509 unit 9 and room 1509 that lost their dash; 二三单元 two of them."""
    if token.parted or (token.kind is WordKind.FLOOR and len(token.number) > 3):
        return True
    if token.part not in (None, DoorPart.ROOM):
        return False
    if not parts and token.digits == 0:
        return bool(_STREET_NUMBER.search(before) or _LETTER_INSIDE.match(token.number))
    has_many = token.digits > 4 and (token.dashed or token.kind is WordKind.HOUSE)
    return has_many and not HALL.search(before)


def is_one_of_several(token: NumberToken, after: NumberToken, parts: Collection[DoorPart]) -> bool:
    """501室 of 501室-502室, 2单元 of 2单元、3单元, and a room that goes on after a dash."""
    if after.part is not None and after.part is token.part:
        return True
    return DoorPart.ROOM in parts and (after.dashed or is_room(after))


def is_room(token: NumberToken) -> bool:
    is_bare = token.kind is WordKind.BARE and token.digits > 2
    return is_bare or token.kind is WordKind.ROOM


def _is_part_of_a_name(before: str, first: NumberToken, rest: Row) -> bool:
    """东3号楼 may be another building than 3号楼; 示例路198A座 A座 of number 198; of 1-2-3-401 the
    first may be a stage, unless the third is the floor of the room."""
    if _FIGURE.search(before):
        return True
    is_building = first.word == "楼" and bool(rest) and rest[0].kind is WordKind.UNIT
    if is_building or first.part is DoorPart.BUILDING:
        return bool(_is_street_number(before, first) or SIDE.search(before))
    if first.part is None and NAME_IN_LETTERS.search(before):
        return True
    if first.kind is WordKind.HOUSE:
        return bool(SIDE.search(before) or before.endswith("新"))
    if first.kind is not WordKind.BARE or not (rest or first.digits < 3):
        return False
    return bool(SIDE.search(before)) or _may_begin_with_stage(rest)


def _may_begin_with_stage(rest: Row) -> bool:
    is_long = len(rest) > 2 and chain_length(rest) > 1 and rest[2].digits > 2
    is_on_floor = is_long and rest[2].number.startswith(rest[1].number)
    return is_long and rest[0].part is not DoorPart.BUILDING and not is_on_floor


def _may_be_street_number(before: str, first: NumberToken, rest: Row) -> bool:
    """1590 of 示例房1590-6-501 and 15 of 示例房15-6栋, where nothing says what 示例房 is; 12 of
    示例桥12-3-501 and 样例村12-3-501."""
    are_bare = first.kind is rest[0].kind is WordKind.BARE and len(rest) > 1
    if are_bare and ROADSIDE.search(before):
        return True
    is_longer = rest[0].part is DoorPart.BUILDING or (first.digits > 3 and len(rest) > 1)
    return is_longer and _is_unknown(before, first)


def _is_unknown(before: str, first: NumberToken) -> bool:
    return first.kind is WordKind.BARE and bool(before) and not KNOWN_AREA.search(before)


def _is_street_number(before: str, first: NumberToken) -> bool:
    """198 of 示例路198A座 and of 示例路198号厂房."""
    joined = _JOINED.match(first.number)
    if joined and len(joined[1]) > 2:
        return True
    has_number = joined or first.word in OF_A_PLOT or (first.word == "号楼" and first.digits > 2)
    return bool(has_number and STREET.search(before))


def _begins_unclear(before: str, first: NumberToken, rest: Row) -> bool:
    """示例12号3-501: of the house 12, or of building 3 at street number 12? A-3-501: A3 or A座?"""
    if not rest:
        return False
    if rest[0].dashed and _may_be_street_number(before, first, rest):
        return True
    is_short = rest[0].kind is WordKind.BARE and 0 < rest[0].digits < 3
    if first.kind is WordKind.HOUSE and before:
        return is_short or rest[0].kind is WordKind.HOUSE
    return is_letter(first) and rest[0].dashed and is_short and len(rest) > 1


def chain_length(row: Row) -> int:
    """How many tokens at the beginning of the row hang on what stands before by dashes."""
    return next((n for n, token in enumerate(row) if not token.dashed), len(row))


def is_letter(token: NumberToken) -> bool:
    return token.kind is WordKind.BARE and len(token.number) == 1 and not token.digits
