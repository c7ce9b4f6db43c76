"""Writes minimal ods files: no library here writes them."""

import io
import zipfile
from xml.sax.saxutils import escape

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = (
    f'<manifest:manifest xmlns:manifest="{_NS}manifest:1.0"><manifest:file-entry'
    f' manifest:full-path="/" manifest:media-type="{_TYPE}"/></manifest:manifest>'
)
_HEAD = (
    f'<office:document-content xmlns:office="{_NS}office:1.0" xmlns:table="{_NS}table:1.0"'
    f' xmlns:text="{_NS}text:1.0" xmlns:calcext='
    '"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body>'
    '<office:spreadsheet><table:table table:name="1"><table:table-column/>'
)
_FOOT = "</table:table></office:spreadsheet></office:body></office:document-content>"


def text(written: str) -> str:
    """A cell with a text."""
    shown = f"<text:p>{escape(written)}</text:p>"
    return f'<table:table-cell office:value-type="string">{shown}</table:table-cell>'


def row(*cells: str) -> str:
    """A row of cells."""
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def ods(*rows: str) -> bytes:
    """A file with one sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", _TYPE)
        packed.writestr("META-INF/manifest.xml", _MANIFEST)
        packed.writestr("content.xml", f"{_HEAD}{''.join(rows)}{_FOOT}")
    return out.getvalue()
