"""Finds id numbers and telephone numbers in folded text, however their digits are grouped."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum


class NumberKind(StrEnum):
    """The kinds of number that identify a person."""

    ID_NUMBER = "ID_NUMBER"
    MOBILE = "MOBILE"
    LANDLINE = "LANDLINE"


Found = tuple[int, int, NumberKind]
Row = Sequence[re.Match[str]]

_DIGIT = re.compile("[0-9]")
_GROUP = re.compile("[0-9]+(?:X(?![A-Z0-9]))?")
_NARROW_GAP = re.compile(r"[ .·()+\-]{1,3}")  # as numbers are usually written
_GAP = re.compile(r"\W{1,6}")  # whatever else is put between: / , 、 | * → 🔥
_MOST_GROUPS = 20  # of digits in one number: 18 single ones and a prefix
_FEWEST_DIGITS, _MOST_DIGITS = 10, 18
_FEWEST_SAID = 7  # digits of a landline without area code, after a word such as 座机
_MOST_LANDLINE_GROUPS = 3
_NEAR = 12  # characters before a number in which a word for it is looked for

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_DATE = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_ID = f"[1-9][0-9]{{5}}(?:19|20)[0-9]{{2}}{_DATE}[0-9]{{3}}[0-9X]"
# The form before 1999. Born 1930 or later: an order number such as 150626 26 11 23 … passes.
_OLD_ID = f"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])[0-9]{{4}}[3-9][0-9]{_DATE}[0-9]{{3}}"
_LANDLINE = "0(?:10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}|[48]00[0-9]{7}"
_MOBILE = "(?P<prefix>(?:00)?86|0)?1[3-9][0-9]{9}"
_SHAPE = re.compile(
    f"(?P<id>{_ID})|(?P<old>{_OLD_ID})|(?P<mobile>{_MOBILE})|(?P<landline>{_LANDLINE})"
)
# How people space a mobile number. Other spacings look like lists of rooms: 1801 1802 501.
_MOBILE_GROUPS = {(11,), (3, 4, 4), (3, 8), (7, 4), (1,) * 11}

# Three numbers of a list, and no telephone number: 150/1800/3600, 131、1402、1503三户.
_COUNTED = re.compile("[一二三四五六七八九十两几]{0,2}(?:元|块|室|号(?!码)|户|栋|幢|楼|间|房|单元)")
_DAY = re.compile(f"20[0-9]{{2}}{_DATE}")
_HOUR = re.compile("0[0-9][0-5][0-9]")

_ORDER = re.compile("(?:工单|单号|编号|受理|投诉|订单|流水|案件|批次|许可证)[号码为是: ]{0,4}$")
_CALLED = re.compile("(?:电话|手机|号码|联系|微信|致电|拨打|TEL)[^0-9]{0,6}$")
_SAID = (
    (
        re.compile("身份证[件号码是为: ]{0,6}([0-9][0-9 .-]{13,24}[0-9X])(?![0-9])"),
        NumberKind.ID_NUMBER,
    ),
    (
        re.compile(
            "(?:电话|座机|固话|致电|联系(?:方式|人)?)[号码是为: ]{0,4}"
            "(?!20[0-9]{2}[ -]?(?:0[1-9]|1[0-2]))([2-9][0-9]{2,3}[ -]?[0-9]{4})(?![0-9])"
        ),
        NumberKind.LANDLINE,
    ),
)


def find_personal_numbers(text: str) -> Iterator[Found]:
    """Every id, mobile and landline number: (start, end, kind), end exclusive, in characters of
    `text`, which is the text of a `FoldedText`. Findings may overlap."""
    if len(_DIGIT.findall(text)) < _FEWEST_SAID:
        return
    for row in _digit_groups(text):
        for first in range(len(row)):
            yield from _numbers_from_first(text, row[first : first + _MOST_GROUPS])
    for said, kind in _SAID:
        yield from ((found.start(1), found.end(1), kind) for found in said.finditer(text))


def has_id_check(digits: str) -> bool:
    """Whether 18 characters end in the check character of GB 11643-1999 (ISO 7064 MOD 11-2)."""
    total = sum(w * int(d) for w, d in zip(_WEIGHTS, digits[:17], strict=True))
    return digits[17] == _CHECKS[total % 11]


def _digit_groups(text: str) -> Iterator[Row]:
    """Rows of digit groups that have no letter, and at most a few other characters, between
    them."""
    row: list[re.Match[str]] = []
    for group in _GROUP.finditer(text):
        if row and not _GAP.fullmatch(text, row[-1].end(), group.start()):
            yield row
            row = []
        row.append(group)
    if row:
        yield row


def _numbers_from_first(text: str, row: Row) -> Iterator[Found]:
    digits, is_usual = "", True
    for size, group in enumerate(row, 1):
        digits += group[0]
        if size > 1 and is_usual:
            is_usual = bool(_NARROW_GAP.fullmatch(text, row[size - 2].end(), group.start()))
        if len(digits) > _MOST_DIGITS:
            return
        shape = _SHAPE.fullmatch(digits) if len(digits) >= _FEWEST_DIGITS else None
        if shape is None:
            continue
        start, end = row[0].start(), group.end()
        before = text[max(0, start - _NEAR) : start]
        groups = [one[0] for one in row[:size]]
        if not is_usual and not _CALLED.search(before) and _is_list(groups, text[end : end + 4]):
            continue
        if kind := _kind(shape, tuple(map(len, groups)), before):
            opened = before[-1:] == "+" or (before[-1:] == "(" and ")" in text[start:end])
            yield start - opened, end, kind


def _is_list(groups: Sequence[str], after: str) -> bool:
    """Whether digit groups with unusual signs between them may be rooms, prices, days or hours."""
    first, *others = groups
    if _HOUR.fullmatch(first) or first in ("400", "800"):
        return True
    if len(others) == 1:
        return bool(_DAY.fullmatch(others[0]))
    if len(others) > 2 or any(group.startswith("0") for group in groups):
        return False
    is_rising = sorted(groups, key=int) == list(groups)
    return bool(_COUNTED.match(after)) or (is_rising and all(one.endswith("0") for one in groups))


def _kind(shape: re.Match[str], lengths: tuple[int, ...], before: str) -> NumberKind | None:
    if shape["id"]:
        return NumberKind.ID_NUMBER if has_id_check(shape["id"]) else None
    if shape["old"]:
        is_order = len(lengths) > 1 or _ORDER.search(before)
        return None if is_order else NumberKind.ID_NUMBER
    if shape["landline"]:
        return NumberKind.LANDLINE if len(lengths) <= _MOST_LANDLINE_GROUPS else None
    prefix = len(shape["prefix"] or "")
    own = (lengths[0] - prefix, *lengths[1:]) if lengths[0] > prefix else lengths[1:]
    return NumberKind.MOBILE if own in _MOBILE_GROUPS or _CALLED.search(before) else None
