"""Reads one file of any known format."""

from collections.abc import Callable
from pathlib import Path

from sync_server.importing.headings import field_of
from sync_server.importing.reading.csv_text import read_csv
from sync_server.importing.reading.features import read_geojson
from sync_server.importing.reading.geopackage import read_geopackage
from sync_server.importing.reading.table import Table
from sync_server.importing.reading.workbook import read_workbook
from sync_server.importing.row_error import RowError, printable

MOST_BYTES = 20 * 1024 * 1024
Reader = Callable[[bytes, Path, str], Table]


def read_file(kind: str, file: Path) -> Table:
    """The table of a file for the list `kind`. Raises RowError."""
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        raise RowError("unknown_format", found=printable(file.suffix))
    try:
        if file.stat().st_size > MOST_BYTES:
            raise RowError("too_large", found=f"{file.stat().st_size} B")
        return reader(file.read_bytes(), file, kind)
    except OSError as error:
        raise RowError("unreadable", found=error.strerror or "") from error


def _known(kind: str) -> Callable[[str], bool]:
    return lambda text: field_of(kind, text) is not None


READERS: dict[str, Reader] = {
    **dict.fromkeys((".xlsx", ".xls", ".ods"), lambda raw, file, kind: read_workbook(raw, file)),
    **dict.fromkeys((".csv", ".txt"), lambda raw, file, kind: read_csv(raw, _known(kind))),
    **dict.fromkeys((".geojson", ".json"), lambda raw, file, kind: read_geojson(raw, _known(kind))),
    ".gpkg": lambda raw, file, kind: read_geopackage(file),
}
