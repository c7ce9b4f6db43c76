"""Features of a map as a table: their properties, and where they are."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from contract import wire
from sync_server.importing.headings import field_of
from sync_server.importing.reading.geometry import position
from sync_server.importing.reading.table import (
    Cell,
    CellType,
    Line,
    Table,
    cell_of,
    check_size,
    not_finite,
)
from sync_server.importing.row_error import RowError

WGS84 = ("CRS84", "4326", "4490", "84")  # how names of these coordinate systems end
Feature = tuple[Mapping[str, Any], Any]  # properties, geometry


def read_geojson(raw: bytes, known: Callable[[str], bool]) -> Table:
    """A FeatureCollection, or one Feature."""
    try:
        found = wire.parse_json(raw.removeprefix(b"\xef\xbb\xbf"), finite=False)
    except (wire.Unreadable, ValueError) as error:
        code = "encoding" if str(error) == "not_unicode" else "unreadable"
        raise RowError(code, found=str(error)) from error
    if not isinstance(found, dict) or not isinstance(_features(found), list):
        raise RowError("not_a_feature")
    if (crs := found.get("crs")) is not None and not _crs_name(crs).endswith(WGS84):
        raise RowError("wrong_crs", found=_crs_name(crs))
    return table_of([_feature(one) for one in _features(found)])


def _features(found: dict[str, Any]) -> Any:
    return [found] if found.get("type") == "Feature" else found.get("features")


def _crs_name(crs: Any) -> str:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    return str(properties.get("name")) if isinstance(properties, dict) else str(crs)


def _feature(one: Any) -> Feature | None:
    if not isinstance(one, dict) or one.get("type", "Feature") != "Feature":
        return None
    properties = one.get("properties") or {}
    return (properties, one.get("geometry")) if isinstance(properties, dict) else None


def table_of(features: Iterable[Feature | None], sheet: str = "") -> Table:
    """The features as lines below a heading of all their properties; each that is none is bad."""
    lines: list[dict[str, Cell | None]] = []
    names: dict[str, None] = {}
    bad: list[tuple[int, str, str, str]] = []
    for number, feature in enumerate(features, start=1):
        if feature is None:
            bad.append((number, "not_a_feature", "", ""))
        properties, geometry = feature or ({}, None)
        cells = {str(name): cell_of(value) for name, value in properties.items()}
        where = _where(cells, geometry)
        names |= dict.fromkeys([*cells, *(where or ())])
        lines.append(cells | where if where is not None else {})
        if where is None:
            bad.append((number, *_why_no_place(geometry)))
    check_size(len(lines), len(lines) * len(names))
    heading = Line(0, tuple(Cell(CellType.TEXT, name) for name in names))
    rows = [Line(n, tuple(map(line.get, names))) for n, line in enumerate(lines, start=1)]
    return Table((heading, *rows), sheet, headed=True, bad=tuple(bad))


def _why_no_place(geometry: Any) -> tuple[str, str, str]:
    """The code of the error, its field, and what stands there."""
    if found := not_finite(geometry):
        return "not_finite", "", found
    kind = geometry.get("type") if isinstance(geometry, dict) else geometry
    return "not_a_place", "", str(kind)


def _where(cells: Mapping[str, Cell | None], geometry: Any) -> dict[str, Cell | None] | None:
    """Latitude and longitude; {} if the properties say them or there is no geometry, None if the
    geometry is no place."""
    told = {field_of("compounds", name) for name, cell in cells.items() if cell is not None}
    if geometry is None or told & {"lat", "lon"}:
        return {}
    found = position(geometry)
    if found is None:
        return None
    own = {name: None for name in cells if field_of("compounds", name) in ("lat", "lon")}
    names = {field_of("compounds", name): name for name in own}
    lon, lat = (cell_of(round(degrees, 6)) for degrees in found)
    return {names.get("lat", "lat"): lat, names.get("lon", "lon"): lon}
