"""A pattern that is tried only where a text has a sign that all its matches have."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contract.late_patterns import compiled_later


@dataclass(frozen=True, slots=True)
class AnchoredPattern:
    """Finds what `pattern` finds, in the same order, but asks at few places: each match has one of
    the signs of `anchor` (a class of characters), and begins one of `back` characters before it, of
    which the first is the largest. A long pattern tried at each character of a note is slow."""

    anchor: re.Pattern[str]
    pattern: re.Pattern[str]
    back: tuple[int, ...] = (0,)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As `re.Pattern.finditer`."""
        done = 0
        for sign in self.anchor.finditer(text):
            for back in self.back:
                start = sign.start() - back
                found = self.pattern.match(text, start) if start >= done else None
                if found:
                    yield found
                    done = max(found.end(), start + 1)


def anchored(signs: Iterable[str], pattern: str, *back: int) -> AnchoredPattern:
    """`signs`: the characters that can stand at the anchor."""
    anchor = f"[{re.escape(''.join(sorted({*signs})))}]"
    return AnchoredPattern(compiled_later(anchor), compiled_later(pattern), back or (0,))
