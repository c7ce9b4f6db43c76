"""Well-known binary shapes (OGC 06-103r4, 8.2) with the header of a GeoPackage (12-128r18, 2.1.3),
as GeoJSON has them. Every count is checked against the bytes that are there."""

import struct
from typing import Any

_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}  # bytes, by the code in the flags
_NAMES = {1: "Point", 2: "LineString", 3: "Polygon", 4: "MultiPoint", 5: "MultiLineString"}
_NAMES |= {6: "MultiPolygon", 7: "GeometryCollection"}
MOST_NESTED = 4


class _Reader:
    """Reads numbers one after the other; struct.error where the bytes end."""

    def __init__(self, raw: bytes, at: int) -> None:
        self._raw, self.at = raw, at

    def take(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(form, self._raw, self.at)
        self.at += struct.calcsize(form)
        return found

    def count(self, order: str, size: int) -> int:
        """A count of things of at least `size` bytes each."""
        (n,) = self.take(f"{order}I")
        if n * size > len(self._raw) - self.at:
            raise struct.error("more than there is")
        return int(n)


def geometry(blob: bytes) -> dict[str, Any] | None:
    """The shape of a GeoPackage's blob; None for an empty one. Raises ValueError."""
    try:
        magic, _, flags, _ = struct.unpack_from("<2sBBi", blob)
        if magic != b"GP" or (flags >> 1) & 7 not in _ENVELOPES:
            raise ValueError("no geometry of a GeoPackage")
        if flags & 0x10:
            return None
        return _shape(_Reader(blob, 8 + _ENVELOPES[(flags >> 1) & 7]), MOST_NESTED)
    except struct.error as error:
        raise ValueError("cut off") from error


def _shape(reader: _Reader, depth: int) -> dict[str, Any]:
    order = "<" if reader.take("B")[0] else ">"
    (code,) = reader.take(f"{order}I")
    size = 2 + (code // 1000 % 10 in (1, 2)) + 2 * (code // 1000 % 10 == 3)
    name = _NAMES.get(code % 1000)
    if name is None or not depth:
        raise ValueError("another kind of geometry")
    if name == "Point":
        return {"type": name, "coordinates": list(reader.take(f"{order}{size}d"))}
    if name in ("LineString", "Polygon"):
        rings = range(reader.count(order, 4) if name == "Polygon" else 1)
        found = [_points(reader, order, size) for _ in rings]
        return {"type": name, "coordinates": found if name == "Polygon" else found[0]}
    parts = [_shape(reader, depth - 1) for _ in range(reader.count(order, 9))]
    if name == "GeometryCollection":
        return {"type": name, "geometries": parts}
    return {"type": name, "coordinates": [part["coordinates"] for part in parts]}


def _points(reader: _Reader, order: str, size: int) -> list[list[float]]:
    count = reader.count(order, 8 * size)
    return [list(reader.take(f"{order}{size}d")) for _ in range(count)]
