"""A text in one width and case, with the position of each of its characters in the original."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from contract.visible_text import BLANKS

_DASHES = dict.fromkeys("‐‑‒–—―−_~", "-")
# Zero-width spaces, joiners, variation selectors, keycap rings; what no font has.
_UNSEEN = {"Cf", "Mn", "Me", "Cc", "Co", "Cn", "Cs"}
_HANGZHOU = {c: str(n) for n, c in enumerate("〡〢〣〤〥〦〧〨〩", start=1)}  # numerals of traders
_DIGITS = {c: str(i % 10) for i, c in enumerate("〇一二三四五六七八九零壹贰叁肆伍陆柒捌玖")}
_DIGITS |= dict(zip("幺弌两兩贰貳弍參叄弎亖陸", "112222233346", strict=True))
_SPOKEN = str.maketrans(_DIGITS)
_FIGURE = re.compile(f"[{''.join(_DIGITS)}]")
# Letters, Greek and Cyrillic ones too, that are typed in the place of digits: l38 OOOO OOOO.
_ZEROS, _ONES = "O\u039f\u041e", "IL|\u0399\u0406"
_TYPED_DASH = re.compile("(?<=[0-9])一(?=[0-9])")  # a pinyin keyboard gives 一 for "-"
_LOOK = re.compile(f"[{_ZEROS}{_ONES}]|{_TYPED_DASH.pattern}")
_LOOKS = str.maketrans(dict.fromkeys(_ZEROS, "0") | dict.fromkeys(_ONES, "1"))
_DIGIT_LIKE = re.compile(rf"(?<![A-Z\u0370-\u04ff])[0-9{_ZEROS}{_ONES}]+(?![A-Z\u0370-\u04ff])")


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A text made easy to search (`fold`). Its i-th character comes from the character at `at[i]`
    of the original, and `at` ends with the length of the original. Positions count characters.
    """

    text: str
    at: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Start and end (exclusive) in the original of `text[start:end]`, which is not empty.
        Invisible characters that follow are included."""
        return self.at[start], max(self.at[end - 1] + 1, self.at[end])

    @property
    def with_digits(self) -> str:
        """`text` with each Chinese figure as a digit (一三八 is 138); positions stay the same."""
        return self.text.translate(_SPOKEN) if _FIGURE.search(self.text) else self.text

    @property
    def with_lookalikes(self) -> str:
        """`text` with Chinese figures and letters that look like digits as digits (l38OO is 13800)
        where they stand beside no other letter, and 一 between two digits as a dash; without such a
        letter or dash, `text` itself. Positions stay the same."""
        if not _LOOK.search(self.text):
            return self.text
        spoken = _TYPED_DASH.sub("-", self.text).translate(_SPOKEN)
        return _DIGIT_LIKE.sub(lambda found: found[0].translate(_LOOKS), spoken)


def fold(text: str) -> FoldedText:
    """The text in half width (Unicode NFKC) and upper case, without invisible characters and
    fillers, every white space as " ", every dash as "-", and every number of any script by its
    Unicode value: ٣, ᠓, ❸ and ➂ are 3, ❿ is 10 (but not Chinese figures: `with_digits`). Never
    raises."""
    pieces = [*map(_folded, text)]
    if {*map(len, pieces)} <= {1}:  # nearly always: nothing moved
        return FoldedText("".join(pieces), (*range(len(text) + 1),))
    seen = [(piece, i) for i, whole in enumerate(pieces) for piece in whole]
    return FoldedText("".join(piece for piece, _ in seen), (*(i for _, i in seen), len(text)))


@lru_cache(maxsize=8192)
def _folded(c: str) -> str:
    if c.isspace():
        return " "
    if unicodedata.category(c) in ("Nd", "No") and unicodedata.numeric(c).is_integer():
        return str(int(unicodedata.numeric(c)))  # before NFKC, which makes "1." of the sign ⒈
    wide = unicodedata.normalize("NFKC", c).upper()
    return "".join(_plain(p) for p in wide)


def _plain(p: str) -> str:
    if unicodedata.category(p) in _UNSEEN or p in BLANKS:
        return ""
    return _HANGZHOU.get(p) or _DASHES.get(p, p)
