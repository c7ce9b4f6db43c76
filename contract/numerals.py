"""Numbers as people write them in an address: Chinese, Roman, circled and formal figures."""

import re
import unicodedata
from functools import lru_cache

CHINESE_FIGURES = "〇零一二三四五六七八九十百廿卅两壹贰叁肆伍陆柒捌玖拾佰"

_ONES = {c: i % 10 for i, c in enumerate("〇一二三四五六七八九零壹贰叁肆伍陆柒捌玖")} | {"两": 2}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100}
_SHORT = {"廿": 20, "卅": 30}
_DASHES = re.compile("[-‐-―−_~]+")
_WRITTEN = re.compile(f"[{CHINESE_FIGURES}]+")
_LEADING = re.compile(r"(?<![0-9])0+(?=[0-9])")
# The signs of an address that a traditional keyboard gives; one kind of bracket and of slash.
_SIMPLIFIED = dict(
    zip(
        "棟號樓單層門區戶園組貳參陸[]【】〔〕「」\\",
        "栋号楼单层门区户园组贰叁陆()()()()/",
        strict=True,
    )
)
# One letter may be the name of a tower (V座), so only longer ones are numbers.
_ROMAN = re.compile("(?<![0-9A-Z])(?:II|III|IV|VI|VII|VIII|IX|XI|XII)(?=号|#|栋|幢|座|单元|期|区)")
_ROMAN_VALUES = {
    word: str(value)
    for word, value in zip(
        ("II", "III", "IV", "VI", "VII", "VIII", "IX", "XI", "XII"),
        (2, 3, 4, 6, 7, 8, 9, 11, 12),
        strict=True,
    )
}


def normalize(text: str) -> str:
    """The text in half width and upper case, without invisible characters, with single spaces.

    Width follows Unicode NFKC (UAX #15); format characters (category Cf, such as the zero-width
    space) are removed; a run of dashes, underscores or tildes becomes one "-"; a number that is one
    character (Ⅲ, ③, ㈢, ٣) and Roman figures before a word such as 号 are in digits; traditional
    signs of an address are simplified, brackets are round. Never raises.
    """
    upper = unicodedata.normalize("NFKC", "".join(map(_figure, text))).upper()
    seen = unicodedata.normalize("NFKC", "".join(map(_sign, upper)))
    line = " ".join(_DASHES.sub("-", seen).split())
    return _ROMAN.sub(lambda found: _ROMAN_VALUES[found[0]], line)


def to_digits(word: str) -> str:
    """A door's number in digits: 十二 → 12, 一〇三 → 103, 贰 → 2, 03 → 3, A十 → A10.

    Expects text as `normalize` gives it. Returns text, so a number may be of any length.
    """
    if word.isdecimal() and word[0] != "0":  # nearly always
        return word
    return _LEADING.sub("", _WRITTEN.sub(lambda run: _value(run[0]), word))


@lru_cache(8192)
def _figure(c: str) -> str:
    """A number that is one character in digits, also where NFKC would add a bracket or a dot."""
    if unicodedata.category(c) not in ("Nd", "Nl", "No") or c == "〇":
        return c
    value = unicodedata.numeric(c)
    return str(int(value)) if value.is_integer() else c


@lru_cache(8192)
def _sign(c: str) -> str:
    return "" if unicodedata.category(c) == "Cf" else _SIMPLIFIED.get(c, c)


def _value(run: str) -> str:
    if not any(c in _TENS or c in _SHORT for c in run):
        return "".join(str(_ONES[c]) for c in run)
    total, ones = 0, 0
    for c in run:
        if c in _TENS:
            total, ones = total + (ones or 1) * _TENS[c], 0
        elif c in _SHORT:
            total += _SHORT[c]
        else:
            ones = _ONES[c]
    return str(total + ones)
