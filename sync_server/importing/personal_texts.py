"""Rule L2 for the names in a file: places and organisations may be called like persons, so what
reads like one is told and waits for a word; a number or an account is refused like in any text."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from contract.screening import Span, SpanCode, may_be_place, personal_spans
from sync_server.importing.database_rows import NewRows
from sync_server.importing.row_error import RowError

# Texts of any shape beside cells.SCREENED, where even a person is refused.
NAMED = (
    *("name", "aliases", "building", "buildings", "address"),
    *("kind", "licence", "source", "office"),
)
NUMBERED = ("licence",)  # its own number may have as many digits as a telephone's


def personal_names(held: Mapping[str, Mapping[str, Any]], made: NewRows) -> Iterator[RowError]:
    """What reads like personal data in names that the file brings or changes: `reads_personal`
    where it may be the name of a place, else `personal`."""
    for id, row in made.rows.items():
        yield from personal_texts(row, held.get(id, {}), made.lines[id])


def personal_texts(
    row: Mapping[str, Any], old: Mapping[str, Any] = MappingProxyType({}), line: int = 0
) -> Iterator[RowError]:
    """The same of one row, which was `old` before."""
    for name in NAMED:
        if name in row and row[name] != old.get(name):
            yield from _found(name, row[name], line)


def _found(name: str, value: Any, line: int) -> Iterator[RowError]:
    for text in _texts(value):
        for span in _spans(text):
            if name not in NUMBERED or span.code == SpanCode.PERSON:
                code = "reads_personal" if may_be_place(text, span) else "personal"
                yield RowError(code, name, text[span.start : span.end], line)


def _texts(value: Any) -> Iterator[str]:
    """The text itself, those of a list, and those of each building with its units."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)


@lru_cache(4096)
def _spans(text: str) -> tuple[Span, ...]:
    """Cached: a list of compounds names the same few buildings in every row."""
    return personal_spans(text)
