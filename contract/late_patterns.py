"""Patterns that are compiled when they are needed: those for names take a second of a cheap phone,
which a worker would wait for at each start."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, cast

_ALL: list["_LatePattern"] = []


class _LatePattern:
    """A compiled pattern in all it does."""

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self._text, self._flags)

    def __getattr__(self, name: str) -> Any:
        """Only asked for what is not there yet: the next call finds the pattern's own method."""
        found = vars(self)[name] = getattr(self.compiled, name)
        return found


def compiled_later(text: str, flags: int = 0) -> re.Pattern[str]:
    """As re.compile, at its first use."""
    late = _LatePattern(text, flags)
    _ALL.append(late)
    return cast("re.Pattern[str]", late)  # it hands on whatever is asked of it


def compile_one_by_one() -> Iterator[None]:
    """Compiles all that were not used yet, one at each step, for who has time now."""
    for late in _ALL:
        if "compiled" not in vars(late):
            yield
            _ = late.compiled
