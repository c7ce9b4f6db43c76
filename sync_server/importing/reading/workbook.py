"""Reads the first visible sheet of xlsx, xls and ods files."""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from sync_server.importing.reading import biff_faults, ods_faults, xlsx_faults
from sync_server.importing.reading.faults import Faults
from sync_server.importing.reading.table import Cell, CellType, Line, Table, cell_of, check_size
from sync_server.importing.row_error import RowError

Grid = list[list[Cell | None]]
FAULTS = {".xlsx": xlsx_faults.find, ".ods": ods_faults.find, ".xls": biff_faults.find}


def read_workbook(raw: bytes, file: Path) -> Table:
    """The lines of the first visible sheet, with its merged cells filled. Raises RowError."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        visible, hidden = _sheets(book)
        if not visible:
            raise RowError("no_visible_sheet", found="、".join(hidden))
        index = book.sheet_names.index(visible[0])
        faults = FAULTS[file.suffix.lower()](raw, index)  # first: it bounds what is read next
        sheet = book.get_sheet_by_index(index)
        grid = _grid(sheet, faults)
    except (CalamineError, BadZipFile, ValueError, KeyError, IndexError) as error:
        raise RowError("unreadable", found=type(error).__name__) from error
    _fill_merged(grid, [*(sheet.merged_cell_ranges or ()), *faults.merged])
    lines = tuple(Line(n, tuple(row)) for n, row in enumerate(grid, start=1))
    told = (("hidden_sheet", hidden), ("other_sheets", visible[1:]))
    notes = tuple((code, "、".join(names)) for code, names in told if names)
    return Table(lines, visible[0], notes=notes)


def _sheets(book: CalamineWorkbook) -> tuple[list[str], list[str]]:
    tables = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    visible = [one.name for one in tables if one.visible == SheetVisibleEnum.Visible]
    return visible, [one.name for one in tables if one.name not in visible]


def _grid(sheet: CalamineSheet, faults: Faults) -> Grid:
    check_size(sheet.total_height, sheet.total_height * sheet.total_width)
    rows: Iterable[list[Any]] = sheet.to_python(skip_empty_area=False)
    grid = [[cell_of(value) for value in row] for row in rows]
    for (row, column), found in faults.lost.items():
        _put(grid, row, column, Cell(CellType.LOST, found))
    for (row, column), width in faults.padded.items():
        if row < len(grid) and column < len(grid[row]):
            grid[row][column] = _padded(grid[row][column], width)
    return grid


def _put(grid: Grid, row: int, column: int, cell: Cell) -> None:
    """Sets a cell that the library may have left out because it is empty to it."""
    check_size(row, row * column)
    grid.extend([] for _ in range(row + 1 - len(grid)))
    grid[row].extend([None] * (column + 1 - len(grid[row])))
    grid[row][column] = cell


def _padded(cell: Cell | None, width: int) -> Cell | None:
    """A number as a format such as 000000 shows it."""
    if cell is None or cell.type is not CellType.NUMBER:
        return cell
    number = float(cell.text)
    if not number.is_integer() or number < 0 or number >= 10**15:
        return cell
    return Cell(CellType.TEXT, str(int(number)).zfill(width))


def _fill_merged(grid: Grid, ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """The lower cells of a merged column say what its first one says. Cells that were merged with
    the column left of them are lost: which column it stands for is not known."""
    for (top, left), (bottom, right) in ranges:
        first = grid[top][left] if top < len(grid) and left < len(grid[top]) else None
        if first is None:
            continue
        for row in range(top, min(bottom + 1, len(grid))):
            for column in range(left, min(right + 1, len(grid[row]))):
                wide = column > left
                if (row, column) != (top, left):
                    grid[row][column] = Cell(CellType.MERGED, first.text) if wide else first
