"""Where a shape is: a point, or the centre of gravity of an area. Shapes are as in GeoJSON."""

from itertools import pairwise
from math import isfinite
from typing import Any

Point = tuple[float, float]  # longitude, latitude


def position(shape: Any) -> Point | None:
    """Longitude and latitude of a point, or the centre of gravity of an area's outer ring (of the
    largest ring where there are several); None if the shape is no one place."""
    if not isinstance(shape, dict):
        return None
    kind, points = shape.get("type"), shape.get("coordinates")
    try:
        if kind == "GeometryCollection":
            [only] = shape["geometries"]
            return position(only) if only.get("type") != kind else None
        if kind in ("Point", "MultiPoint"):
            [only] = [points] if kind == "Point" else _sequence(points)
            return _point(only)
        areas = {"Polygon": [points], "MultiPolygon": points}[str(kind)]
        rings = [area[0] for area in _sequence(areas)]
        found = [_centroid([_point(one) for one in ring]) for ring in rings]
        return max(found, key=lambda one: one[0])[1:]
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, ArithmeticError):
        return None


def _sequence(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _point(one: Any) -> Point:
    if not isinstance(one, list | tuple) or any(type(x) not in (int, float) for x in one[:2]):
        raise TypeError(one)
    lon, lat = float(one[0]), float(one[1])
    if not (isfinite(lon) and isfinite(lat)):
        raise ValueError(one)
    return lon, lat


def _centroid(ring: list[Point]) -> tuple[float, float, float]:
    """Twice the size, and the centre, by the shoelace formula; a ring without an area is its first
    point."""
    twice, x, y = 0.0, 0.0, 0.0
    left, low = ring[0]
    for (ax, ay), (bx, by) in pairwise((lon - left, lat - low) for lon, lat in ring):
        cross = ax * by - bx * ay
        twice, x, y = twice + cross, x + (ax + bx) * cross, y + (ay + by) * cross
    if not twice:
        return 0.0, left, low
    return abs(twice), left + x / (3 * twice), low + y / (3 * twice)
