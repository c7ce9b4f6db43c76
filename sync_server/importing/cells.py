"""Reads one cell: text, a day, a number, a list of buildings. Each raises RowError with its reason.

Each function takes the name of the column's field, for the message, and the cell as the file has
it.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Never

from contract.codelists import built_in
from contract.screening import personal_spans
from sync_server.importing.headings import heading
from sync_server.importing.row_error import RowError

MOST_CHARACTERS = {"text": 2_000, "note": 500}
MOST_OF_OTHERS = 100  # characters
SCREENED = ("title", "note", "text")  # for personal data (rule L2)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SEPARATOR = re.compile(r"[;；、,，\n]+(?![^(（]*[)）])")  # not inside brackets
_BUILDING = re.compile(r"([^(（]+)(?:[(（](.*)[)）])?")
_RANGE = re.compile(r"(\d+)\s*[-~至]\s*(\d+)\s*(\D*)")
_YES, _NO = {"是", "y", "yes", "true", "1"}, {"", "否", "n", "no", "false", "0"}
_LATITUDES, _LONGITUDES = (18.0, 54.0), (73.0, 136.0)  # of the country, degrees
_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # of a credit code, GB 32100-2015
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
MOST_UNITS = 60


def text(column: str, cell: Any) -> str:
    """As it reads in the sheet, on one line (`text` keeps its lines); a whole number without .0."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    written = "" if cell is None else str(cell).strip()
    if column != "text":
        written = " ".join(written.split())
    if len(written) > MOST_CHARACTERS.get(column, MOST_OF_OTHERS):
        raise RowError(0, "too_long", heading(column), written[:20])
    if column in SCREENED and (spans := personal_spans(written)):
        raise RowError(0, "personal", heading(column), written[spans[0].start : spans[0].end])
    return written


def day(column: str, cell: Any) -> date | None:
    """A day in any of the ways that offices write it; None if empty."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    written = text(column, cell)
    if not written:
        return None
    try:
        found = _DAY.match(written)
        return date(*map(int, found.groups())) if found else _no_day(written)
    except ValueError as error:
        raise RowError(0, "not_a_day", heading(column), written) from error


def _no_day(written: str) -> Never:
    raise ValueError(written)


def number(column: str, cell: Any) -> float | None:
    """Degrees, WGS-84 (CGCS2000 is the same within a metre); None if empty."""
    written = text(column, cell)
    if not written:
        return None
    try:
        degrees = float(written)
    except ValueError as error:
        raise RowError(0, "not_a_number", heading(column), written) from error
    low, high = _LATITUDES if column == "lat" else _LONGITUDES
    if not low <= degrees <= high:
        raise RowError(0, "not_here", heading(column), written)
    return degrees


def boolean(column: str, cell: Any) -> bool:
    """是 or 否; False if empty."""
    written = text(column, cell).lower()
    if written not in _YES | _NO:
        raise RowError(0, "unknown_word", heading(column), written)
    return written in _YES


def code_of(name: str) -> Callable[[str, Any], str | None]:
    """A reader of cells that hold a code of the code list `name`, or its Chinese word; its result
    is the code, None if the cell is empty."""

    def read(column: str, cell: Any) -> str | None:
        written = text(column, cell)
        codes = built_in().lists[name]
        words = {choice.zh: code for code, choice in codes.items()} | {one: one for one in codes}
        if written and written not in words:
            raise RowError(0, "unknown_word", heading(column), written)
        return words.get(written)

    return read


def names(column: str, cell: Any) -> list[str]:
    """Several names in one cell; a GeoJSON file may have a list."""
    parts = cell if isinstance(cell, list) else _SEPARATOR.split(str(cell or ""))
    return [name for part in parts if (name := text(column, part))]


def buildings(column: str, cell: Any) -> list[dict[str, Any]]:
    """1号楼(1-4单元);2号楼(1单元、2单元);商铺. A GeoJSON file may have the list itself: `name` and
    `units` of each."""
    if isinstance(cell, list):
        return [
            {"name": text(column, one["name"]), "units": names(column, one.get("units", []))}
            for one in cell
        ]
    parts = _SEPARATOR.split(str(cell or ""))
    return [_building(column, part.strip()) for part in parts if part.strip()]


def _building(column: str, part: str) -> dict[str, Any]:
    found = _BUILDING.fullmatch(part)
    if not found:
        raise RowError(0, "wrong_shape", heading(column), part)
    units = [unit for written in names(column, found[2]) for unit in _units(column, written)]
    return {"name": text(column, found[1]), "units": units}


def _units(column: str, written: str) -> list[str]:
    """1-4单元 is four units; anything but a range is the name of one."""
    found = _RANGE.fullmatch(written)
    if not found:
        return [written]
    first, last = int(found[1]), int(found[2])
    if not first <= last < first + MOST_UNITS:
        raise RowError(0, "wrong_shape", heading(column), written)
    return [f"{n}{found[3] or '单元'}" for n in range(first, last + 1)]


def credit_code(column: str, cell: Any) -> str | None:
    """A unified social credit code whose check digit is right (GB 32100-2015, 4.2.5); None if
    empty."""
    written = text(column, cell).upper()
    if not written:
        return None
    if len(written) != len(_WEIGHTS) + 1 or any(digit not in _DIGITS for digit in written):
        raise RowError(0, "wrong_code", heading(column), written)
    total = sum(_DIGITS.index(digit) * w for digit, w in zip(written, _WEIGHTS, strict=False))
    if _DIGITS.index(written[-1]) != -total % 31:
        raise RowError(0, "wrong_code", heading(column), written)
    return written
