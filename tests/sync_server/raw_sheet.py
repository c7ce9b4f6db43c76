"""Writes xlsx files with cells as spreadsheets leave them behind: errors, formulas, dates, merged
and hidden ones. No library here writes them."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from sync_server.importing.reading.table import column_letters
from tests.sync_server.spreadsheet import MAIN, NS, PARTS, REL

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="000000"/>'
    '</numFmts><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>'
    '<xf numFmtId="20" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs>'
    "</styleSheet>"
)


@dataclass(frozen=True, slots=True)
class Raw:
    """A cell by its attributes and what is inside; `at` stands for its address."""

    attributes: str
    inside: str


def number(digits: str) -> Raw:
    return Raw("", f"<v>{digits}</v>")


def day(serial: float) -> Raw:
    return Raw('s="1"', f"<v>{serial}</v>")


def time(serial: float) -> Raw:
    return Raw('s="2"', f"<v>{serial}</v>")


def six_digits(digits: str) -> Raw:
    return Raw('s="3"', f"<v>{digits}</v>")


def boolean(value: int) -> Raw:
    return Raw('t="b"', f"<v>{value}</v>")


def error(name: str) -> Raw:
    return Raw('t="e"', f"<v>{name}</v>")


def formula(text: str, value: str | None = None, kind: str = "str") -> Raw:
    """As spreadsheets write it; without a value as libraries do that calculate nothing."""
    shown = "" if value is None else f"<v>{value}</v>"
    return Raw(f't="{kind}"' if kind else "", f"<f>{text}</f>{shown}")


RawCell = str | Raw | None
Rows = Sequence[Sequence[RawCell]]


def book(
    *rows: Sequence[RawCell],
    merged: Sequence[str] = (),
    others: Sequence[tuple[str, str, Rows]] = (),
    more: str = "",
) -> bytes:
    """One sheet named 1, after the sheets `others`: name, state, rows."""
    sheets = [*others, ("1", "visible", rows)]
    names = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{state}" r:id="r{n}"/>'
        for n, (name, state, _) in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = PARTS | {
        "xl/styles.xml": STYLES,
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{names}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{NS}/package/2006/relationships">'
        f'{relations}<Relationship Id="s" Type="{REL}/styles" Target="styles.xml"/>'
        "</Relationships>",
    }
    for n, (_, _, own) in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{n}.xml"] = _sheet(own, merged, more)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return out.getvalue()


def _sheet(rows: Rows, merged: Sequence[str], more: str) -> str:
    lines = "".join(
        f'<row r="{n}">{"".join(_cell(n, k, cell) for k, cell in enumerate(row))}</row>'
        for n, row in enumerate(rows, start=1)
    )
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    joined = f"<mergeCells>{ranges}</mergeCells>" if merged else ""
    data = f"<sheetData>{lines}{more}</sheetData>"
    return f'<worksheet xmlns="{MAIN}">{data}{joined}</worksheet>'


def _cell(row: int, column: int, cell: RawCell) -> str:
    if cell is None:
        return ""
    where = f'r="{column_letters(column)}{row}"'
    if isinstance(cell, Raw):
        return f"<c {where} {cell.attributes}>{cell.inside}</c>"
    shown = f'<is><t xml:space="preserve">{escape(cell)}</t></is>'
    return f'<c {where} t="inlineStr">{shown}</c>'
