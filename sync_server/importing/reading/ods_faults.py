"""Finds error cells, formulas without a value and merged cells in a sheet of an ods file."""

import io
from zipfile import ZipFile

from sync_server.importing.reading.faults import Faults, XmlHandlers, scan_xml
from sync_server.importing.reading.table import MOST_CELLS, MOST_ROWS
from sync_server.importing.row_error import RowError


def find(raw: bytes, index: int) -> Faults:
    """The faults of the sheet with this index. Raises RowError, KeyError or BadZipFile."""
    with ZipFile(io.BytesIO(raw)) as book, book.open("content.xml") as stream:
        scan = _ContentScan(index)
        scan_xml(stream, XmlHandlers(scan.start, scan.end, scan.text))
    return scan.faults


class _ContentScan:
    """Reads the cells of one sheet as they come; an empty cell may stand for very many."""

    def __init__(self, wanted: int) -> None:
        self.faults = Faults()
        self._wanted, self._sheet = wanted, -1
        self._row, self._column, self._repeated, self._cells = 0, 0, 1, 0
        self._attributes: dict[str, str] = {}
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self._sheet += 1
            self._row = 0
        elif name == "table-row":
            self._column, self._repeated = 0, _times(attributes, "number-rows-repeated")
        elif name in ("table-cell", "covered-table-cell"):
            self._attributes, self._text = attributes, []

    def text(self, text: str) -> None:
        self._text.append(text)

    def end(self, name: str) -> None:
        if name == "table-row":
            self._row += self._repeated
        elif name in ("table-cell", "covered-table-cell"):
            times = _times(self._attributes, "number-columns-repeated")
            if self._sheet == self._wanted:
                self._look_at("".join(self._text).strip(), times)
            self._column += times

    def _look_at(self, shown: str, times: int) -> None:
        here, attributes = (self._row, self._column), self._attributes
        wide = _times(attributes, "number-columns-spanned")
        high = _times(attributes, "number-rows-spanned")
        if wide > 1 or high > 1:
            self.faults.merged.append((here, (here[0] + high - 1, here[1] + wide - 1)))
        typed = attributes.get("value-type")
        formula = attributes.get("formula", "")
        if not (shown or typed or formula):
            return
        self._cells += times * self._repeated
        if self._cells > MOST_CELLS or self._row + self._repeated > MOST_ROWS:
            raise RowError("too_many_cells", line=self._row + 1)
        if (formula and not typed) or typed == "error" or shown in ERRORS:
            for column in range(times):
                self.faults.lost[here[0], here[1] + column] = shown or formula


ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!")


def _times(attributes: dict[str, str], name: str) -> int:
    written = attributes.get(name, "1")
    return int(written) if written.isascii() and written.isdigit() else 1
