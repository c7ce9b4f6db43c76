"""Finds the heading of a table, and gives its rows as cells by field."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from contract.folded_text import fold
from sync_server.importing.headings import KINDS, REACH, REACHING
from sync_server.importing.reading.table import Cell, CellType, Line, Table, column_letters
from sync_server.importing.row_error import RowError

MIN_HEADINGS = 2  # a row with so many known headings is the heading
MOST_TITLE_ROWS = 10  # the heading is looked for in so many rows: titles stand above it
_SUM = re.compile(
    r"(合计|总计|小计|共计|总数|累计|TOTAL|SUM|SUBTOTAL)[:：]?\d*[条个户栋行家项座件处]?"
)


@dataclass(frozen=True, slots=True)
class HeadedRow:
    """One row: cells by field; a field that the file has no column for is missing."""

    line: int
    cells: dict[str, Cell | None]


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field stands, and its heading as the file has it."""

    index: int
    heading: str


@dataclass(frozen=True, slots=True)
class HeadedRows:
    """All rows below the heading; `columns` by field. `notes` as those of a table."""

    rows: tuple[HeadedRow, ...] = ()
    columns: dict[str, Column] = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()
    bad: tuple[RowError, ...] = ()
    features: bool = False


def headed_rows(
    kind: str, table: Table, ignore: Collection[str] = (), *, everybody: bool = False
) -> HeadedRows:
    """The rows of a table for the list `kind`. `ignore` are headings that are not to be asked
    about; `everybody`: a file that does not say whom its rows are for is for all."""
    start, names = _heading(kind, table)
    columns, bad = _columns(kind, names, ignore)
    missing = [name for name in KINDS[kind].needed if name not in columns]
    bad += [RowError("missing_column", name) for name in missing]
    if kind in REACHING and not {*REACH} & columns.keys() and not everybody:
        bad.append(RowError("missing_reach"))
    body = [line for line in table.lines[start:] if any(line.cells)]
    notes = [*table.notes, *_unused(kind, names, body)]
    if bad:
        return HeadedRows((), columns, tuple(notes), tuple(bad), table.headed)
    if sums := [str(line.number) for line in body if _is_sum(line)]:
        notes.append(("sums", "、".join(sums)))
    body = [line for line in body if not _is_sum(line)]
    uneven = tuple(error for line in body for error in _uneven(table, line, names))
    rows = (HeadedRow(line.number, _by_field(line, columns)) for line in body)
    filled = tuple(row for row in rows if any(row.cells.values()))
    return HeadedRows(filled, columns, tuple(notes), uneven, table.headed)


def _heading(kind: str, table: Table) -> tuple[int, list[str]]:
    """The index of the first line below the heading, and the headings. A heading may take two
    rows: a merged one above names, and those below it."""
    columns = KINDS[kind]
    for n, line in enumerate(table.lines[:MOST_TITLE_ROWS]):
        names = [cell.text if cell else "" for cell in line.cells]
        own = {columns.field(c.text) for c in line.cells if c and c.type is not CellType.MERGED}
        if table.headed or len(own - {None}) >= MIN_HEADINGS:
            following = table.lines[n + 1] if n + 1 < len(table.lines) else Line(0, ())
            below = [cell.text if cell else "" for cell in following.cells]
            if not table.headed and any(below) and all(map(columns.field, filter(None, below))):
                length = max(len(names), len(below))
                names, below = (each + [""] * (length - len(each)) for each in (names, below))
                pairs = zip(below, names, strict=True)
                return n + 2, [lower or upper for lower, upper in pairs]
            return n + 1, names
    raise RowError("no_heading")


def _columns(
    kind: str, names: Sequence[str], ignore: Collection[str]
) -> tuple[dict[str, Column], list[RowError]]:
    found: dict[str, Column] = {}
    bad: list[RowError] = []
    ignored = {name.strip() for name in ignore}
    for index, name in enumerate(names):
        where = KINDS[kind].field(name) if name.strip() and name.strip() not in ignored else None
        if where in found:
            both = f"{found[where].heading}、{name}"
            bad.append(RowError("two_columns", where, both, address=column_letters(index)))
        elif where:
            found[where] = Column(index, " ".join(name.split()))
    for index, name in enumerate(names):
        if name.strip() in ignored or KINDS[kind].field(name):
            continue
        if doubtful := [one for one in KINDS[kind].might_be(name) if _matters(kind, one, found)]:
            address = column_letters(index)
            bad.append(RowError("unclear_heading", doubtful[0], name, address=address))
    return found, bad


def _matters(kind: str, name: str, found: Collection[str]) -> bool:
    """Whether leaving out a column that might be this field could change what a row means."""
    return name not in found or (name in REACH and kind in REACHING)


def _unused(kind: str, names: Sequence[str], lines: Iterable[Line]) -> Iterable[tuple[str, str]]:
    unused = [" ".join(n.split()) for n in names if n.strip() and not KINDS[kind].field(n)]
    if unused:
        yield "ignored", "、".join(unused)
    headed = {index for index, name in enumerate(names) if name.strip()}
    bare = {i for line in lines for i, cell in enumerate(line.cells) if cell and i not in headed}
    if bare:
        yield "no_heading_above", "、".join(map(column_letters, sorted(bare)))


def _is_sum(line: Line) -> bool:
    first = next(cell for cell in line.cells if cell)
    text = "".join(fold(first.text).text.split())
    return first.type is CellType.TEXT and bool(_SUM.fullmatch(text))


def _uneven(table: Table, line: Line, names: Sequence[str]) -> Iterable[RowError]:
    if not table.even:
        return
    if len(line.cells) < len(names):
        yield RowError("short_row", found=f"{len(line.cells)} < {len(names)}", line=line.number)
    elif any(line.cells[len(names) :]):
        surplus = next(cell for cell in line.cells[len(names) :] if cell)
        yield RowError("long_row", found=surplus.text, line=line.number)


def _by_field(line: Line, columns: dict[str, Column]) -> dict[str, Cell | None]:
    return {name: _at(line, column.index) for name, column in columns.items()}


def _at(line: Line, index: int) -> Cell | None:
    return line.cells[index] if index < len(line.cells) else None
