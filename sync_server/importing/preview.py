"""What an import would change, row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Change(StrEnum):
    """What becomes of one row of the bureau's list."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class RowChange:
    """`line` of the file, 0 for a row that it lacks; `fields`: name, old and new value of each that
    changes."""

    line: int
    id: str
    name: str
    change: Change
    fields: tuple[tuple[str, Any, Any], ...] = ()


Rows = Mapping[str, Mapping[str, Any]]


def changes(held: Rows, new: Rows, lines: Mapping[str, int]) -> tuple[RowChange, ...]:
    """What becomes of each row of the file (those in `lines`), in its order, and then of those that
    are removed."""
    found = [_row_change(id, line, held.get(id), new[id]) for id, line in lines.items()]
    gone = [RowChange(0, id, name_of(held[id]), Change.REMOVED) for id in held if id not in new]
    return (*found, *gone)


def _row_change(
    id: str, line: int, old: Mapping[str, Any] | None, new: Mapping[str, Any]
) -> RowChange:
    if old is None:
        return RowChange(line, id, name_of(new), Change.NEW)
    fields = tuple((name, old.get(name), new[name]) for name in new if old.get(name) != new[name])
    return RowChange(line, id, name_of(new), Change.CHANGED if fields else Change.SAME, fields)


def name_of(row: Mapping[str, Any]) -> str:
    """What people call this row."""
    return str(row.get("name") or row.get("title") or "")
