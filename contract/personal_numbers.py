"""Finds id numbers and telephone numbers in folded text, however their digits are grouped."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from contract.number_lists import (
    are_hours,
    are_prices,
    are_round_prices,
    has_no_number,
    is_list_apart,
    is_list_of,
)


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
_FEWEST_SHAPED = _FEWEST_DIGITS - 1  # an X may end a number
_MOBILE_DIGITS = 11
_FEWEST_TOLD = 3  # digits, after 电话尾号 or 身份证后四位
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
# How people space a mobile number. In other spacings it must not look like a list: 1801 1802 501.
_MOBILE_GROUPS = {(11,), (3, 4, 4), (3, 8), (7, 4), (1,) * 11}

_PARTED = re.compile(
    "(?<![0-9A-Z.:])(?<![0-9][ -])(?:\\+?86[ -]?)?(1(?=[ -]?[3-9])(?:[ -]?[0-9]){9,10})"
    "(?![0-9A-Z:])"
    "(?![ -][0-9](?![0-9]{0,2}(?:号楼?|[栋幢座层楼室单排期点月日年])))"
)
_PRICED = re.compile(" ?(?:元|块|万|平米|米|RMB)")
_COUNTED = re.compile(
    " ?(?:[%平千室户间套栋幢座层楼克斤升期人名个位课节次年月日天点]|公[里斤分]|厘米|单元"
    "|号(?!码)|KM)"
)
_LISTED = re.compile(
    "(?:[费价元]|金额|合计|房号|门牌|时间|成绩|面积|距离|[¥￥$])[格为是:： ]{0,3}$"
)

_ORDER = re.compile("(?:工单|单号|编号|受理|投诉|订单|流水|案件|批次|许可证)[号码为是: ]{0,4}$")
_CALLED = re.compile("(?:电话|手机|号码|联系|微信|致电|拨打|TEL)[^0-9]{0,6}$")
_NAMED = "[号码件是为: ]{0,6}"
# Some of its signs are hidden or missing, or only the last ones are told.
_HIDDEN = re.compile(
    "(?<![0-9])1[3-9][0-9](?:[0-9*X×?○〇□#]{7,9}|[ -][*X×?○〇□#]{3,5}[ -][0-9]{4}|-{3,6}[0-9]{4})"
    "(?![0-9])"
)
_FEWER = {(3, 4, 3), (7, 3)}  # a digit is missing
_IN_PART = (  # 138…0001; a mobile number without its last digit; 150626********0012
    (re.compile("(?<![0-9])1[3-9][0-9]\\.{3,6}[0-9]{4}(?![0-9])"), NumberKind.MOBILE),
    (re.compile("(?<![0-9A-Z码号])1[3-9][0-9]{8}(?![0-9元块])"), NumberKind.MOBILE),
    (
        re.compile(
            "(?<![0-9*])(?=[0-9*]{14,17}[0-9X](?![0-9*]))[1-9][0-9]{2,13}[*]{4,14}[0-9]{0,4}X?(?![0-9*])"
        ),
        NumberKind.ID_NUMBER,
    ),
)
_MOST_HIDDEN, _FEWEST_HIDDEN = 6, 2
_SAID = (
    (
        re.compile("身份证[件号码是为: ]{0,6}([0-9][0-9 .-]{13,24}[0-9X])(?![0-9])"),
        NumberKind.ID_NUMBER,
    ),
    (
        re.compile(
            "(?:电话|座机|固话|热线|传真|致电|拨打?|打|联系(?:方式|人)?)[号码是为: ]{0,4}"
            "(?!20[0-9]{2}[ -]?(?:0[1-9]|1[0-2]))"
            "([2-9][0-9]{2,3}[ -]?[0-9]{4}|[2-9][0-9]{3}[ -][0-9]{3})(?![0-9元块])"
            "|(?<![0-9])([2-9][0-9]{6,7})(?= ?[(是]?.{0,4}(?:座机|固话|电话))"
        ),
        NumberKind.LANDLINE,
    ),
    (
        re.compile(
            f"(?:护照|通行证|军官证|学籍号?|证件|学生证|驾驶证|驾照|居住证|台胞证|残疾证|老年证|出生证明?|"
            f"户口[本簿]|社保卡?|医保卡?|学号){_NAMED}([A-Z]{{0,2}}[0-9]{{7,17}}[0-9X])(?![A-Z0-9])"
            "|(?<![A-Z0-9])(E[A-HJ-NP-Z]?[0-9]{8})(?![A-Z0-9])"
            "|(?:身份证|证件)(?:号码?)?的?(?:[后末尾前][三四五六八3-8]位|尾号)[数码是为: ]{0,4}"
            "([0-9]{3,8}X?)(?![0-9])"
        ),
        NumberKind.ID_NUMBER,
    ),
    (
        re.compile(
            "(?:电话|手机|微信同?|联系方式|致电|TEL)[号码是为: ]{0,4}(1[3-9][0-9]{6,8})(?![0-9 -]|"
            "[元块])|(?:电话|手机|号码)(?:号码?)?的?(?:[后末尾][三四五六3-6]位|"
            "尾号)[数码是为: ]{0,4}([0-9]{3,6})(?![0-9])"
            "|(?:尾号|(?:号码|手机|电话)的?(?:末尾|结尾|尾数))[是为: ]{0,2}([0-9]{3,4})(?![0-9A-Z])"
            "|(?<![0-9])(1[3-9][0-9] ?[开打]头[^0-9]{0,6}[0-9]{3,4})(?![0-9])"
            "|(?:电话|手机|号码)[是为: ]{0,3}(1[3-9][0-9] ?[开打]头)"
        ),
        NumberKind.MOBILE,
    ),
)


def find_personal_numbers(text: str) -> Iterator[Found]:
    """Every id, mobile and landline number: (start, end, kind), end exclusive, in characters of
    `text`, which is the text of a `FoldedText`. Findings may overlap."""
    digits = len(_DIGIT.findall(text))
    if digits < _FEWEST_TOLD:
        return
    for row in _digit_groups(text) if digits >= _FEWEST_SHAPED else ():
        if not _are_prices(text, row):
            for first in range(len(row)):
                yield from _numbers_from_first(text, row[first : first + _MOST_GROUPS])
    yield from ((*span, NumberKind.MOBILE) for span in _parted_mobiles(text))
    for said, kind in _SAID:
        for found in said.finditer(text):
            yield *found.span(found.lastindex or 0), kind
    for found in _HIDDEN.finditer(text):
        if _FEWEST_HIDDEN <= sum(not c.isdecimal() for c in found[0]) <= _MOST_HIDDEN:
            yield *found.span(), NumberKind.MOBILE
    for pattern, kind in _IN_PART:
        for found in pattern.finditer(text):
            if not _ORDER.search(text[max(0, found.start() - _NEAR) : found.start()]):
                yield *found.span(), kind


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


def _are_prices(text: str, row: Row) -> bool:
    start = row[0].start()
    is_called = _CALLED.search(text[max(0, start - _NEAR) : start])
    return not is_called and are_prices([group[0] for group in row])


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
        if not is_usual and not _CALLED.search(before) and is_list_of(groups, text[end : end + 4]):
            continue
        if kind := _kind(shape, groups, before):
            opened = before[-1:] == "+" or (before[-1:] == "(" and ")" in text[start:end])
            yield start - opened, end, kind


def _kind(shape: re.Match[str], groups: Sequence[str], before: str) -> NumberKind | None:
    lengths = (*map(len, groups),)
    if shape["id"]:
        return NumberKind.ID_NUMBER if has_id_check(shape["id"]) else None
    if shape["old"]:
        is_order = len(lengths) > 1 or _ORDER.search(before)
        return None if is_order else NumberKind.ID_NUMBER
    is_priced = len(groups) == 3 and are_round_prices(groups)
    if shape["landline"]:
        is_list = len(groups) > _MOST_LANDLINE_GROUPS or is_priced or are_hours(groups)
        return None if is_list else NumberKind.LANDLINE
    prefix = len(shape["prefix"] or "")
    own = (lengths[0] - prefix, *lengths[1:]) if lengths[0] > prefix else lengths[1:]
    is_usual = own in _MOBILE_GROUPS and not is_priced
    return NumberKind.MOBILE if is_usual or _CALLED.search(before) else None


def _parted_mobiles(text: str) -> Iterator[tuple[int, int]]:
    """Eleven digits in groups of any length: 1380 000 0000."""
    for found in _PARTED.finditer(text):
        start, end = found.span()
        before = text[max(0, start - _NEAR) : start]
        if _ORDER.search(before) or _PRICED.match(text, end):
            continue
        is_counted = _COUNTED.match(text, end) or _LISTED.search(before)
        groups = re.split("[ -]", found[1])
        is_short = sum(map(len, groups)) < _MOBILE_DIGITS
        if is_short and (*map(len, groups),) not in _FEWER:
            continue
        if has_no_number(groups[1:]) or not (is_counted or is_list_apart(found[1])):
            yield start, end
