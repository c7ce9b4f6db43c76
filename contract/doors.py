"""Gives each number in a row its part of the door: "3-2-501" is building 3, unit 2, room 501.

The rules were measured on real addresses with `bench/address_grammar.py`; see its numbers before
changing one.
"""

import re
from collections.abc import Sequence

from contract.pieces import Part, Piece

_STREET = re.compile("(?:[路街巷道线]|胡同|[路街道][东西南北中]段)$")
_HALL = re.compile("(?:市场|商[城场厦]|广场|大[厦楼]|中心|城)$")  # here numbers are stalls and offices
_FEW = 10  # rooms one behind another: 605-606, 15-16

Parts = dict[Part, str]


def without_street_number(before: str, row: Sequence[Piece]) -> Sequence[Piece]:
    """The row without what numbers the street or the court: 人民路12-3号, 125号 in "125号 3栋"."""
    if not row:
        return row
    first, rest = row[0], row[1:]
    if rest and rest[0].part is Part.BUILDING and not rest[0].dashed and _loose(first):
        return rest
    if first.part is not None or not _STREET.search(before.rstrip()):
        return row
    dashes = 0
    while not first.word and dashes < len(rest) and rest[dashes].dashed:
        dashes += 1
    return row if dashes > 1 else rest[dashes:]


def door_parts(before: str, row: Sequence[Piece]) -> tuple[Parts, int]:
    """The parts that the row names, and how many of its pieces that took."""
    parts: Parts = {}
    for used, piece in enumerate(row):
        after = row[used + 1] if used + 1 < len(row) else None
        top = max(parts, default=None)
        part = piece.part
        if part is None
            ...
    return parts, len(row)
