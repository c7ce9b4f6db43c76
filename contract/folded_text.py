"""A text in one width and case, and where in the original each of its characters stands."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_DASHES = dict.fromkeys("‐‑‒–—―−_~", "-")
_UNSEEN = {"Cf", "Mn", "Me", "Cc"}  # zero-width spaces, joiners, variation selectors, keycap rings
_DIGITS = {c: str(i % 10) for i, c in enumerate("〇一二三四五六七八九零壹贰叁肆伍陆柒捌玖")}
_SPOKEN = str.maketrans(_DIGITS | {"幺": "1", "两": "2"})


@dataclass(frozen=True, slots=True)
class FoldedText:
    """`text` has no invisible characters; its i-th character comes from `at[i]` of the original.

    `at` ends with the length of the original.
    """

    text: str
    at: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original behind `text[start:end]` (not empty), up to the next thing
        that can be seen."""
        return self.at[start], max(self.at[end - 1] + 1, self.at[end])

    @property
    def with_digits(self) -> str:
        """`text` with Chinese figures as digits (一三八 is 138), character by character."""
        return self.text.translate(_SPOKEN)


def fold(text: str) -> FoldedText:
    """Half width (NFKC), upper case, every white space " ", every dash "-". Never raises."""
    pieces = [*map(_folded, text)]
    if {*map(len, pieces)} <= {1}:  # nearly always: nothing moved
        return FoldedText("".join(pieces), (*range(len(text) + 1),))
    seen = [(piece, i) for i, whole in enumerate(pieces) for piece in whole]
    return FoldedText("".join(piece for piece, _ in seen), (*(i for _, i in seen), len(text)))


@lru_cache(maxsize=8192)
def _folded(c: str) -> str:
    if c.isspace():
        return " "
    wide = unicodedata.normalize("NFKC", c).upper()
    return "".join(_DASHES.get(p, p) for p in wide if unicodedata.category(p) not in _UNSEEN)
