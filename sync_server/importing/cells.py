"""Reads one cell: text, a day, a number, a code. Each raises RowError with its reason.

Each function takes the name of the column's field, for the message, and the cell, None if it is
empty. A value is taken exactly or refused, never changed.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime

from contract import wire
from contract.codelists import built_in
from contract.screening import personal_spans
from sync_server.importing.reading.table import Cell, CellType
from sync_server.importing.row_error import RowError

MOST_CHARACTERS = {"text": 2_000, "note": 500, "buildings": 20_000, "compounds": 5_000}
MOST_OF_OTHERS = 100  # characters
LINES = ("text", "note", "buildings", "compounds", "aliases")  # fields whose lines are kept apart
SCREENED = ("title", "holiday", "note", "text")  # for personal data (rule L2)
EXACT_DIGITS = 15  # of a number in a spreadsheet
_SCIENTIFIC = re.compile(r"[+-]?[0-9](\.[0-9]+)?[Ee][+-]?[0-9]{1,3}")
_LOST_NUMBER = re.compile(r"[+-]?[0-9](\.[0-9]+)?[Ee]\+[0-9]{1,3}")
_FORMULA_TEXT = re.compile(r'="([^"]*)"')
_ERROR_TEXT = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|#+)")
_DAY = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日?)"
    r"(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?"
)
FIRST_YEAR, LAST_YEAR = 2000, 2099
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,20})?")
_YES, _NO = {"是", "y", "yes", "true", "1"}, {"否", "n", "no", "false", "0"}
_LATITUDES, _LONGITUDES = (18.0, 54.0), (73.0, 136.0)  # of the country, degrees
_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # of a credit code, GB 32100-2015
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def text(column: str, cell: Cell | None) -> str:
    """As it reads in the sheet, on one line (`text` keeps its lines); "" if empty."""
    written = restored(column, cell)
    if column not in LINES:
        written = " ".join(written.split())
    if bad := next((c for c in written if unicodedata.category(c) in _REFUSED and c != "\n"), ""):
        raise RowError("control", column, bad)
    if len(written) > MOST_CHARACTERS.get(column, MOST_OF_OTHERS):
        raise RowError("too_long", column, written)
    if column in SCREENED and (spans := personal_spans(written)):
        raise RowError("personal", column, written[spans[0].start : spans[0].end])
    return written


_MONGOLIAN = "\u180e"  # its vowel separator: invisible, and part of the spelling
_REFUSED = ("Cc", "Cs", "Co", "Cn")  # control, half a surrogate pair, private use, unassigned


def restored(column: str, cell: Cell | None) -> str:
    """The text that was typed. Raises RowError where a spreadsheet made something else of it."""
    if cell is None:
        return ""
    if cell.type in _WORDED:
        raise RowError(_WORDED[cell.type], column, cell.text)
    if cell.type is CellType.NUMBER:
        return _whole(column, cell.text)
    written = cell.text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    written = "".join(c for c in written if unicodedata.category(c) != "Cf" or c == _MONGOLIAN)
    written = written.strip()
    if found := _FORMULA_TEXT.fullmatch(written):
        written = found[1]
    if written.startswith("'"):  # typed before a number to keep it a text
        written = written[1:] if written[1:2].isdigit() else written
    if _LOST_NUMBER.fullmatch(unicodedata.normalize("NFKC", written)):
        raise RowError("not_exact", column, written)
    if _ERROR_TEXT.fullmatch(written) or (written.startswith("=") and len(written) > 1):
        raise RowError("not_read", column, written)
    return unicodedata.normalize("NFC", written).strip()


_WORDED = {  # what cells of these types are refused with where a text is wanted
    CellType.LOST: "not_read",
    CellType.MERGED: "merged",
    CellType.DAY: "not_text",
    CellType.MOMENT: "not_text",
    CellType.TIME: "not_text",
    CellType.BOOLEAN: "not_text",
    CellType.LIST: "wrong_shape",
    CellType.NOT_FINITE: "not_finite",
}


def _whole(column: str, written: str) -> str:
    """A number as it was typed: whole numbers without .0. What has more digits than a spreadsheet
    keeps may be another number than the one on the paper."""
    if written.lstrip("-").isdigit():
        return written
    number = float(written)
    if not abs(number) < 10**EXACT_DIGITS:
        raise RowError("not_exact", column, written)
    if number.is_integer():
        return str(int(number))
    if "e" in written or len(written.strip("-0.").replace(".", "")) > EXACT_DIGITS:
        raise RowError("not_exact", column, written)
    return written


def day(column: str, cell: Cell | None) -> date | None:
    """A day in any of the ways that offices write it, and nothing behind it; None if empty."""
    if cell is not None and cell.type in (CellType.DAY, CellType.MOMENT):
        moment = datetime.fromisoformat(cell.text)
        if moment.time() != datetime.min.time():
            raise RowError("not_a_day", column, cell.text)
        return _sane(column, moment.date(), cell.text)
    if cell is not None and cell.type in (CellType.TIME, CellType.BOOLEAN):
        raise RowError("not_a_day", column, cell.text)
    written = text(column, cell)
    if not written:
        return None
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", written))
    if not found:
        raise RowError("not_a_day", column, written)
    year, month, number = (
        (int(part) for part in found.group(1, 3, 4) if part)
        if found[3]
        else (int(found[n]) for n in (1, 5, 6))
    )
    try:
        return _sane(column, date(year, month, number), written)
    except ValueError as error:
        raise RowError("not_a_day", column, written) from error


def _sane(column: str, found: date, written: str) -> date:
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise RowError("not_a_day", column, written)
    return found


def number(column: str, cell: Cell | None) -> float | None:
    """Degrees, WGS-84 (CGCS2000 is the same within a metre); None if empty."""
    if cell is not None and cell.type is CellType.NUMBER:
        degrees = float(cell.text)
        written = cell.text
    else:
        written = unicodedata.normalize("NFKC", text(column, cell))
        if not written:
            return None
        if not _DEGREES.fullmatch(written):
            raise RowError("not_a_number", column, written)
        degrees = float(written)
    low, high = _LATITUDES if column == "lat" else _LONGITUDES
    if not low <= degrees <= high:
        raise RowError("not_here", column, written)
    return degrees


def boolean(column: str, cell: Cell | None) -> bool:
    """是 or 否; False if empty."""
    if cell is not None and cell.type is CellType.BOOLEAN:
        return cell.text == "True"
    written = folded(text(column, cell)).lower()
    if written not in _YES | _NO | {""}:
        raise RowError("unknown_word", column, written)
    return written in _YES


def stated_boolean(column: str, cell: Cell | None) -> bool:
    """是 or 否. Raises RowError for an empty cell, which may have been lost on its way."""
    if not folded(text(column, cell)).strip():
        raise RowError("empty", column)
    return boolean(column, cell)


def folded(written: str) -> str:
    """In half width and composed (NFKC)."""
    return unicodedata.normalize("NFKC", written)


def code(column: str, cell: Cell | None) -> str:
    """A code or number of a licence, in half width."""
    return folded(text(column, cell))


def code_of(name: str) -> Callable[[str, Cell | None], str | None]:
    """A reader of cells that hold a code of the code list `name`, or its Chinese word; its result
    is the code, None if the cell is empty."""

    def read(column: str, cell: Cell | None) -> str | None:
        written = folded(text(column, cell))
        codes = built_in().lists[name]
        words = {folded(choice.zh): code for code, choice in codes.items()}
        words |= {one: one for one in codes}
        if written and written not in words:
            raise RowError("unknown_word", column, written)
        return words.get(written)

    return read


def listed(cell: Cell | None) -> list[object] | None:
    """The list that a GeoJSON file has in a cell; None if it is no list."""
    if cell is None or cell.type is not CellType.LIST:
        return None
    found = wire.parse_json(cell.text.encode())
    return found if isinstance(found, list) else None


def credit_code(column: str, cell: Cell | None) -> str | None:
    """A unified social credit code whose check digit is right (GB 32100-2015, 4.2.5); None if
    empty."""
    written = code(column, cell).upper()
    if not written:
        return None
    if len(written) != len(_WEIGHTS) + 1 or any(digit not in _DIGITS for digit in written):
        raise RowError("wrong_code", column, written)
    total = sum(_DIGITS.index(digit) * w for digit, w in zip(written, _WEIGHTS, strict=False))
    if _DIGITS.index(written[-1]) != -total % 31:
        raise RowError("wrong_code", column, written)
    return written
