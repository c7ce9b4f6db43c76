"""Brings numbers and letters to one spelling: １２号, 十二号 and 12 号 are the same number."""

import re
import unicodedata

CHINESE_FIGURES = "〇零一二三四五六七八九十百廿卅两壹贰叁肆伍陆柒捌玖拾佰"

_ONES = {c: i % 10 for i, c in enumerate("〇一二三四五六七八九零壹贰叁肆伍陆柒捌玖")} | {"两": 2}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100}
_SHORT = {"廿": 20, "卅": 30}
_DASHES = re.compile("[-‐-―−_~]+")
_WRITTEN = re.compile(f"[{CHINESE_FIGURES}]+")
_LEADING = re.compile(r"(?<![0-9])0+(?=[0-9])")


def normalize(text: str) -> str:
    """The text in half width and upper case, without invisible characters, with single spaces.

    Width follows Unicode NFKC (UAX #15); format characters (category Cf, such as the zero-width
    space) are removed; a run of dashes, underscores or tildes becomes one "-". Never raises.
    """
    upper = unicodedata.normalize("NFKC", text).upper()
    seen = "".join(c for c in upper if unicodedata.category(c) != "Cf")
    return " ".join(_DASHES.sub("-", unicodedata.normalize("NFKC", seen)).split())


def to_digits(word: str) -> str:
    """A door's number in digits: 十二 → 12, 一〇三 → 103, 贰 → 2, 03 → 3, A十 → A10.

    Expects text as `normalize` gives it. Returns text, so a number may be of any length.
    """
    return _LEADING.sub("", _WRITTEN.sub(lambda run: _value(run[0]), word))


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
