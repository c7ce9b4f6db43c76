"""Tells the numbers of a list (rooms, prices, hours, distances, marks) from the groups of one
telephone number.

Whoever writes a list writes numbers of one kind. So digits are a telephone number where one of the
groups can be no number of a list, or none beside the others.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

Groups = Sequence[str]

_COUNTED = re.compile("[一二三四五六七八九十两几]{0,2}(?:元|块|室|号(?!码)|户|栋|幢|楼|间|房|单元)")
_DAY = re.compile("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_HOUR = re.compile("0[0-9][0-5][0-9]")
_ROUND_HOUR = re.compile("(?!0+$)(?:[01]?[0-9]|2[0-3])[0-5][05]")
_NO_NUMBER = re.compile("0{2,}|0[0-9]{2,}")  # but 02 is a room, and 0730 an hour
_A_DOOR = "[0-9]{1,3}(?:-[0-9]{1,2})?-[0-9]{3,4}"
_DOORS = re.compile(f"{_A_DOOR}(?: {_A_DOOR})+")
_PRICE_ENDS = ({0, 9}, {0, 8}, {0, 5}, {8, 9})
_PAIRS = {(1, 2, 2, 2, 2, 2), (2, 2, 2, 2, 2, 1)}
_MOST_ROOMS = 24  # on one floor
_ALIKE = 2.5  # the largest number of a list is seldom more than so many times the smallest


def is_list_of(groups: Groups, after: str) -> bool:
    """Whether groups with unusual signs between them (/ , 、) may be numbers of their own; `after`
    is the text that follows: 150/1800/3600, 131、1402、1503三户."""
    first, *others = groups
    if _HOUR.fullmatch(first) or first in ("400", "800"):
        return True
    if len(others) == 1:
        return bool(_DAY.fullmatch(others[0]))
    if len(others) > 2 or any(group.startswith("0") for group in groups):
        return False
    is_rising = sorted(groups, key=int) == list(groups)
    return bool(_COUNTED.match(after)) or (is_rising and all(one.endswith("0") for one in groups))


def are_hours(groups: Groups) -> bool:
    """0830 2030 1130, to five minutes."""
    return len(groups) > 1 and all(map(_ROUND_HOUR.fullmatch, groups))


def are_prices(groups: Groups) -> bool:
    """Four or more that end as prices do: 980 150 1399 3399."""
    is_list = len(groups) > 3 and not has_no_number(groups)
    return is_list and all(1 < len(one) < 6 and one[-1] in "0589" for one in groups)


def are_round_prices(groups: Groups) -> bool:
    """150 1200 2100."""
    return all(one[0] != "0" and one[-1] == "0" for one in groups)


def has_no_number(groups: Groups) -> bool:
    """Whether one of them, such as 000 or 0477, can be no number of a list."""
    return any(_NO_NUMBER.fullmatch(one) and not _ROUND_HOUR.fullmatch(one) for one in groups)


def is_list_apart(digits: str) -> bool:
    """Whether eleven digits that single spaces and dashes part into groups of no usual length are
    numbers of one kind."""
    groups = re.split("[ -]", digits)
    if _DOORS.fullmatch(digits) or any(map(_DAY.fullmatch, groups)):
        return True
    if len(groups) < 3:
        return all(one.endswith("00") for one in groups)
    return _end_alike(groups) or _are_rooms(groups) or _are_alike(groups)


def _end_alike(groups: Groups) -> bool:
    """1980 1280 399."""
    last_digits = {int(one[-1]) for one in groups}
    return any(last_digits <= ends for ends in _PRICE_ENDS)


def _are_rooms(groups: Groups) -> bool:
    return all(len(one) in (3, 4) and 0 < int(one[-2:]) <= _MOST_ROOMS for one in groups)


def _are_alike(groups: Groups) -> bool:
    """Neighbours (131 132 133), short numbers, or such as rise or are of one size."""
    lengths, numbers = (*map(len, groups),), [*map(int, groups)]
    if any(0 < abs(one - other) < 3 for one, other in pairwise(numbers)):
        return True
    if max(lengths) < 3:
        longest = [number for number in numbers if number > 9]
        return lengths not in _PAIRS or max(longest) <= _ALIKE * min(longest)
    is_rising = sorted(numbers) == numbers
    is_even = max(lengths) - min(lengths) < 2
    return is_even and (is_rising or max(numbers) <= _ALIKE * min(numbers))
