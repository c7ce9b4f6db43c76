"""Reads the first table of a GeoPackage, which is an SQLite file; it is opened for reading only."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sync_server.importing.reading import wkb
from sync_server.importing.reading.features import Feature, table_of
from sync_server.importing.reading.table import MOST_ROWS, Table
from sync_server.importing.row_error import RowError

DEGREES = (4326, 4490)  # WGS-84, CGCS2000


def read_geopackage(file: Path) -> Table:
    """The features or rows of the first table. Raises RowError."""
    try:
        address = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA trusted_schema=OFF")
            return _read(connection)
    except (sqlite3.Error, ValueError) as error:
        raise RowError("unreadable") from error


def _read(connection: sqlite3.Connection) -> Table:
    known = connection.execute(
        "SELECT c.table_name AS name, g.column_name AS shape, s.organization_coordsys_id AS crs"
        " FROM gpkg_contents c LEFT JOIN gpkg_geometry_columns g USING (table_name)"
        " LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id"
        " WHERE c.data_type IN ('features', 'attributes') ORDER BY c.data_type DESC, c.rowid"
    ).fetchall()
    if not known:
        raise RowError("unreadable")
    first, *others = known
    if first["shape"] and first["crs"] not in DEGREES:
        raise RowError("wrong_crs", found=f"EPSG:{first['crs']}")
    table = table_of(_features(connection, first["name"], first["shape"]), first["name"])
    names = "、".join(str(one["name"]) for one in others)
    notes = (("other_sheets", names),) if others else ()
    return Table(table.lines, table.sheet, headed=True, notes=notes, bad=table.bad)


def _features(
    connection: sqlite3.Connection, table: str, shape: str | None
) -> Iterator[Feature | None]:
    quoted = '"' + table.replace('"', '""') + '"'
    columns = connection.execute(f"PRAGMA table_info({quoted})").fetchall()
    booleans = {one["name"] for one in columns if one["type"].upper() == "BOOLEAN"}
    keys = {one["name"] for one in columns if one["pk"] and one["type"].upper() == "INTEGER"}
    rows = connection.execute(f"SELECT * FROM {quoted} LIMIT {MOST_ROWS + 1}")  # noqa: S608 – quoted
    for row in rows:
        skipped = keys | {shape}
        every = zip((one["name"] for one in columns), row, strict=True)
        fields: dict[str, Any] = {name: value for name, value in every if name not in skipped}
        for name in booleans & fields.keys():
            fields[name] = bool(fields[name]) if fields[name] in (0, 1) else fields[name]
        yield fields, _geometry(row[shape]) if shape else None


def _geometry(blob: Any) -> Any:
    if blob is None:
        return None
    try:
        return wkb.geometry(blob) if isinstance(blob, bytes) else "?"
    except ValueError as error:
        return str(error)
