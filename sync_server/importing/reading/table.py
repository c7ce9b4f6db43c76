"""What is read from a file: a table of cells, each with the type that the file gives it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from math import isfinite
from typing import Any

from contract import wire
from sync_server.importing.row_error import RowError

MOST_ROWS = 100_000
MOST_CELLS = 1_000_000


class CellType(StrEnum):
    """What the file says a cell is. LOST: something stands there that could not be read; MERGED:
    it is merged with the cell left of it; NOT_FINITE: NaN or Infinity stands there or within it."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    TIME = "time"
    BOOLEAN = "boolean"
    LIST = "list"
    LOST = "lost"
    MERGED = "merged"
    NOT_FINITE = "not_finite"


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` says the value exactly: a number as Python writes it, a day in ISO 8601, a list as
    JSON, of a lost cell what stands there."""

    type: CellType
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table; `number` is that of the row, line or feature, from 1."""

    number: int
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """All lines of one sheet, its headings among them. `even`: each line must be as long as the
    heading. `notes` are codes of notes with what they are about; `bad` what could not be read."""

    lines: tuple[Line, ...]
    sheet: str = ""
    even: bool = False
    headed: bool = False
    notes: tuple[tuple[str, str], ...] = ()
    bad: tuple[tuple[int, str, str, str], ...] = ()  # line, code, field, found


def cell_of(value: Any) -> Cell | None:
    """A value of Python as a cell; None if it is empty."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if found := not_finite(value):
        return Cell(CellType.NOT_FINITE, found)
    for kind, cell_type in _TYPES:
        if isinstance(value, kind):
            return Cell(cell_type, _written(value))
    return Cell(CellType.LOST, type(value).__name__)


def not_finite(value: Any) -> str:
    """The first NaN or Infinity in a value, as JSON would have it; "" if all numbers in it are
    finite."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, float) and not isfinite(here):
            return {"nan": "NaN", "inf": "Infinity"}.get(str(here), "-Infinity")
        if isinstance(here, dict | list | tuple):
            waiting.extend(here.values() if isinstance(here, dict) else here)
    return ""


def _written(value: Any) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | dict):
        return wire.canonical(value).decode()
    return repr(value) if isinstance(value, float) else str(value)


# The first that fits: a bool is an int, a datetime is a date.
_TYPES: tuple[tuple[type, CellType], ...] = (
    (bool, CellType.BOOLEAN),
    (str, CellType.TEXT),
    (int, CellType.NUMBER),
    (float, CellType.NUMBER),
    (datetime, CellType.MOMENT),
    (date, CellType.DAY),
    (time, CellType.TIME),
    (timedelta, CellType.TIME),
    (list, CellType.LIST),
    (dict, CellType.LIST),
)


def check_size(rows: int, cells: int) -> None:
    """Raises RowError if a table is larger than any list of a bureau."""
    if rows > MOST_ROWS or cells > MOST_CELLS:
        raise RowError("too_many_cells", found=f"{rows} × {cells // max(rows, 1)}")


def column_letters(index: int) -> str:
    """The name of the column with this index from 0 in a spreadsheet: A, B, … AA."""
    letters, rest = "", index + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
