"""A text in one width and case, with the position of each of its characters in the original."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_DASHES = dict.fromkeys("‐‑‒–—―−_~", "-")
_UNSEEN = {"Cf", "Mn", "Me", "Cc"}  # zero-width spaces, joiners, variation selectors, keycap rings
_DIGITS = {c: str(i % 10) for i, c in enumerate("〇一二三四五六七八九零壹贰叁肆伍陆柒捌玖")}
_SPOKEN = str.maketrans(_DIGITS | {"幺": "1", "两": "2"})


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
        return self.text.translate(_SPOKEN)


def fold(text: str) -> FoldedText:
    """The text in half width (Unicode NFKC) and upper case, without invisible characters, every
    white space as " " and every dash as "-". Never raises."""
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
