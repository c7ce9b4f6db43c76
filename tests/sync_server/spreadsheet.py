"""Writes a minimal xlsx file: no library here writes them."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

NS = "http://schemas.openxmlformats.org"
MAIN = f"{NS}/spreadsheetml/2006/main"
REL = f"{NS}/officeDocument/2006/relationships"
EPOCH = date(1899, 12, 30)
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{NS}/package/2006/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{NS}/package/2006/relationships"><Relationship Id="r1"'
    f' Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>'
    '<sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{NS}/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{REL}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
}


def xlsx(rows: Sequence[Sequence[str | date]]) -> bytes:
    lines = "".join(
        f'<row r="{n}">{"".join(_cell(n, k, cell) for k, cell in enumerate(row))}</row>'
        for n, row in enumerate(rows, start=1)
    )
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name, part in (PARTS | {"xl/worksheets/sheet1.xml": sheet}).items():
            book.writestr(name, part)
    return out.getvalue()


def _cell(row: int, column: int, said: str | date) -> str:
    where = f"{chr(ord('A') + column)}{row}"
    if isinstance(said, date):
        return f'<c r="{where}" s="1"><v>{(said - EPOCH).days}</v></c>'
    return f'<c r="{where}" t="inlineStr"><is><t>{escape(said)}</t></is></c>'
