"""Reads xlsx, csv and GeoJSON files as rows of cells with their line numbers; cells.py says what a
cell means."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from contract import wire
from sync_server.importing.row_error import RowError

MOST_BYTES = 20 * 1024 * 1024
MIN_HEADINGS = 2  # a row with so many known headings is the heading
MOST_TITLE_ROWS = 10  # the heading is looked for in so many rows: titles stand above it
Cells = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a file: cells by heading, as the file has them."""

    line: int
    cells: Cells


def read_rows(file: Path, known: Callable[[str], bool]) -> list[SheetRow]:
    """All rows that are not empty; `known` says whether a text is one of the list's headings.
    Raises RowError with line 0."""
    if file.suffix.lower() not in READERS:
        raise RowError(0, "unknown_format", cell=file.suffix)
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise RowError(0, "unreadable", cell=file.name) from error
    if len(raw) > MOST_BYTES:
        raise RowError(0, "too_large")
    return READERS[file.suffix.lower()](raw, known)


def _xlsx(raw: bytes, known: Callable[[str], bool]) -> list[SheetRow]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0)
        lines = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError) as error:
        raise RowError(0, "unreadable") from error
    return _below_heading(enumerate(lines, start=1), known)


def _csv(raw: bytes, known: Callable[[str], bool]) -> list[SheetRow]:
    """UTF-8 or, as many a Chinese office program still writes it, GB 18030."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""))
    return _below_heading(((reader.line_num, line) for line in reader), known)


def _below_heading(
    lines: Iterable[tuple[int, list[Any]]], known: Callable[[str], bool]
) -> list[SheetRow]:
    heading: list[str] = []
    found: list[SheetRow] = []
    for n, line in lines:
        if heading:
            cells = {name: cell for name, cell in zip(heading, line, strict=False) if name}
            if any(str(cell).strip() for cell in cells.values()):
                found.append(SheetRow(n, cells))
        elif n <= MOST_TITLE_ROWS and sum(known(str(cell)) for cell in line) >= MIN_HEADINGS:
            heading = [str(cell).strip() for cell in line]
    if not heading:
        raise RowError(0, "no_heading")
    return found


def _geojson(raw: bytes, known: Callable[[str], bool]) -> list[SheetRow]:
    """Each feature is a row; `lat` and `lon` are its point, or its area's centre of gravity."""
    try:
        features = wire.parse_json(raw)["features"]
        return [SheetRow(n, _feature(one)) for n, one in enumerate(features, start=1)]
    except (wire.Unreadable, ValueError, KeyError, TypeError, IndexError) as error:
        raise RowError(0, "unreadable") from error


def _feature(one: dict[str, Any]) -> Cells:
    shape = one.get("geometry") or {}
    cells = dict(one.get("properties") or {})
    if shape and "lat" not in cells:
        lon, lat = _middle(shape["type"], shape["coordinates"])
        cells |= {"lat": round(lat, 6), "lon": round(lon, 6)}
    return cells


def _middle(kind: str, points: Any) -> tuple[float, float]:
    """Longitude and latitude of a point, or the centre of gravity of an area's outer ring (of the
    largest ring where there are several)."""
    if kind == "Point":
        return float(points[0]), float(points[1])
    rings = [points[0]] if kind == "Polygon" else [area[0] for area in points]
    return max((_centroid(ring) for ring in rings), key=lambda found: found[0])[1:]


def _centroid(ring: list[list[float]]) -> tuple[float, float, float]:
    """Twice the size, and the centre, by the shoelace formula; a ring without an area is its first
    point."""
    twice, x, y = 0.0, 0.0, 0.0
    left, low = ring[0][:2]
    for (ax, ay), (bx, by) in pairwise((p[0] - left, p[1] - low) for p in ring):
        cross = ax * by - bx * ay
        twice, x, y = twice + cross, x + (ax + bx) * cross, y + (ay + by) * cross
    if not twice:
        return 0.0, left, low
    return abs(twice), left + x / (3 * twice), low + y / (3 * twice)


READERS = {".xlsx": _xlsx, ".xls": _xlsx, ".ods": _xlsx, ".csv": _csv}
READERS |= {".geojson": _geojson, ".json": _geojson}
