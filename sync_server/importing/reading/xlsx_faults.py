"""Finds error cells, formulas that were never calculated and numbers shown with leading zeros in a
sheet of an xlsx file, and refuses a sheet that is too large before a library makes room for it."""

import io
import re
from posixpath import join, normpath
from zipfile import ZipFile

from sync_server.importing.reading.faults import Faults, XmlHandlers, scan_xml
from sync_server.importing.reading.table import MOST_CELLS, MOST_ROWS
from sync_server.importing.row_error import RowError

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ZEROS = re.compile(r"0{2,}")


def find(raw: bytes, index: int) -> Faults:
    """The faults of the sheet with this index. Raises RowError, KeyError or BadZipFile."""
    with ZipFile(io.BytesIO(raw)) as book:
        widths = _padding_styles(book)
        scan = _SheetScan(widths)
        with book.open(_part_of_sheet(book, index)) as stream:
            scan_xml(stream, XmlHandlers(scan.start, scan.end, scan.text))
    return scan.faults


def _part_of_sheet(book: ZipFile, index: int) -> str:
    ids: list[str] = []
    targets: dict[str, str] = {}

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            ids.append(attributes.get("id", ""))

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    with book.open("xl/workbook.xml") as stream:
        scan_xml(stream, XmlHandlers(sheet))
    with book.open("xl/_rels/workbook.xml.rels") as stream:
        scan_xml(stream, XmlHandlers(relation))
    target = targets[ids[index]]
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _padding_styles(book: ZipFile) -> dict[str, int]:
    """By number of style: to how many digits its format fills up with zeros."""
    formats: dict[str, int] = {}
    styles: list[str] = []
    inside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        inside.append(name)
        if name == "numFmt" and _ZEROS.fullmatch(attributes.get("formatCode", "")):
            formats[attributes.get("numFmtId", "")] = len(attributes["formatCode"])
        if name == "xf" and inside[-2:-1] == ["cellXfs"]:
            styles.append(attributes.get("numFmtId", ""))

    if "xl/styles.xml" in book.namelist():
        with book.open("xl/styles.xml") as stream:
            scan_xml(stream, XmlHandlers(start, lambda name: inside.__delitem__(-1)))
    return {str(n): formats[id] for n, id in enumerate(styles) if id in formats}


class _SheetScan:
    """Reads the cells of one sheet as they come."""

    def __init__(self, widths: dict[str, int]) -> None:
        self.faults = Faults()
        self._widths = widths
        self._row, self._column, self._seen = -1, -1, 0
        self._bottom = self._right = 0
        self._type = self._style = ""
        self._parts: dict[str, str] = {}
        self._open = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._row = int(attributes["r"]) - 1 if attributes.get("r") else self._row + 1
            self._column = -1
        elif name == "c":
            self._begin_cell(attributes)
        elif name in ("f", "v"):
            self._open = name
            self._parts.setdefault(name, "")

    def text(self, text: str) -> None:
        if self._open:
            self._parts[self._open] += text

    def end(self, name: str) -> None:
        if name in ("f", "v"):
            self._open = ""
        elif name == "c":
            self._end_cell()

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        found = _ADDRESS.fullmatch(attributes.get("r", ""))
        if found:
            self._row = int(found[2]) - 1
            self._column = -1
            for letter in found[1]:
                self._column = (self._column + 1) * 26 + ord(letter) - ord("A")
        else:
            self._column += 1
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._parts = {}
        self._seen += 1
        self._bottom, self._right = max(self._bottom, self._row), max(self._right, self._column)
        area = (self._bottom + 1) * (self._right + 1)
        if self._bottom >= MOST_ROWS or area > MOST_CELLS or self._seen > MOST_CELLS:
            raise RowError("too_many_cells", found=attributes.get("r", ""))

    def _end_cell(self) -> None:
        here, value = (self._row, self._column), self._parts.get("v")
        if self._type == "e":
            self.faults.lost[here] = value or "#"
        elif "f" in self._parts and not value and (value is None or self._type != "str"):
            self.faults.lost[here] = f"={self._parts['f']}"
        elif self._type == "n" and value and self._style in self._widths:
            self.faults.padded[here] = self._widths[self._style]
