"""What one cell says: text, a day, a number, a building list. Each raises Bad with its reason."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Never

from contract.codelists import built_in
from contract.screening import personal_spans
from sync_server.importing.headings import heading
from sync_server.importing.row_error import RowError

LONG = {"text": 2_000, "note": 500}
LONGEST = 100
SCREENED = ("title", "note", "text")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_PARTED = re.compile(r"[;；、,，\n]+(?![^(（]*[)）])")  # not inside brackets
_HOUSE = re.compile(r"([^(（]+)(?:[(（](.*)[)）])?")
_RANGE = re.compile(r"(\d+)\s*[-~至]\s*(\d+)\s*(\D*)")
_YES, _NO = {"是", "y", "yes", "true", "1"}, {"", "否", "n", "no", "false", "0"}
_LATITUDES, _LONGITUDES = (18.0, 54.0), (73.0, 136.0)  # of the country, degrees
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # of a credit code, GB 32100-2015
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
MOST_UNITS = 60


def text(column: str, cell: Any) -> str:
    """As it reads in the sheet; a whole number without its .0."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    said = " ".join(str("" if cell is None else cell).split()) if column != "text" else str(cell)
    said = said.strip()
    if len(said) > LONG.get(column, LONGEST):
        raise RowError(0, "too_long", heading(column), said[:20])
    if column in SCREENED and (spans := personal_spans(said)):
        raise RowError(0, "personal", heading(column), said[spans[0].start : spans[0].end])
    return said


def day(column: str, cell: Any) -> date | None:
    """A day in any of the ways that offices write it."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    said = text(column, cell)
    if not said:
        return None
    try:
        found = _DAY.match(said)
        return date(*map(int, found.groups())) if found else _no_day(said)
    except ValueError as error:
        raise RowError(0, "not_a_day", heading(column), said) from error


def _no_day(said: str) -> Never:
    raise ValueError(said)


def number(column: str, cell: Any) -> float | None:
    """Degrees, WGS-84 (CGCS2000 is the same within a metre)."""
    said = text(column, cell)
    if not said:
        return None
    try:
        value = float(said)
    except ValueError as error:
        raise RowError(0, "not_a_number", heading(column), said) from error
    low, high = _LATITUDES if column == "lat" else _LONGITUDES
    if not low <= value <= high:
        raise RowError(0, "not_here", heading(column), said)
    return value


def boolean(column: str, cell: Any) -> bool:
    """是 or 否."""
    said = text(column, cell).lower()
    if said not in _YES | _NO:
        raise RowError(0, "unknown_word", heading(column), said)
    return said in _YES


def code_of(name: str) -> Callable[[str, Any], str | None]:
    """A code of one of the code lists, or its word."""

    def read(column: str, cell: Any) -> str | None:
        said = text(column, cell)
        codes = built_in().lists[name]
        words = {choice.zh: code for code, choice in codes.items()} | {one: one for one in codes}
        if said and said not in words:
            raise RowError(0, "unknown_word", heading(column), said)
        return words.get(said)

    return read


def names(column: str, cell: Any) -> list[str]:
    """Several names in one cell."""
    parts = cell if isinstance(cell, list) else _PARTED.split(str(cell or ""))
    return [said for part in parts if (said := text(column, part))]


def buildings(column: str, cell: Any) -> list[dict[str, Any]]:
    """1号楼(1-4单元);2号楼(1单元、2单元);商铺. A map may have the list itself."""
    if isinstance(cell, list):
        return [
            {"name": text(column, one["name"]), "units": names(column, one.get("units", []))}
            for one in cell
        ]
    parts = _PARTED.split(str(cell or ""))
    return [_house(column, part.strip()) for part in parts if part.strip()]


def _house(column: str, part: str) -> dict[str, Any]:
    found = _HOUSE.fullmatch(part)
    if not found:
        raise RowError(0, "wrong_shape", heading(column), part)
    units = [unit for said in names(column, found[2]) for unit in _units(column, said)]
    return {"name": text(column, found[1]), "units": units}


def _units(column: str, said: str) -> list[str]:
    found = _RANGE.fullmatch(said)
    if not found:
        return [said]
    first, last = int(found[1]), int(found[2])
    if not first <= last < first + MOST_UNITS:
        raise RowError(0, "wrong_shape", heading(column), said)
    return [f"{n}{found[3] or '单元'}" for n in range(first, last + 1)]


def credit_code(column: str, cell: Any) -> str | None:
    """A unified social credit code whose check digit is right (GB 32100-2015, 4.2.5)."""
    said = text(column, cell).upper()
    if not said:
        return None
    if len(said) != len(_WEIGHTS) + 1 or any(sign not in _SIGNS for sign in said):
        raise RowError(0, "wrong_code", heading(column), said)
    total = sum(_SIGNS.index(sign) * w for sign, w in zip(said, _WEIGHTS, strict=False))
    if _SIGNS.index(said[-1]) != -total % 31:
        raise RowError(0, "wrong_code", heading(column), said)
    return said
