"""Whether a GNSS fix lies too far from the chosen compound for both to be right."""

from dataclasses import dataclass
from math import asin, atan2, cos, degrees, hypot, radians, sin, sqrt

from contract.place import AMBER_M, Fix

EARTH_M = 6_371_008.8  # mean radius
FENCE_M = 250.0  # from the middle of a large compound to its fence
# How far, and in which direction (degrees from north), a point in GCJ-02 that is taken for WGS-84
# lies from the true one: by the published algorithm 420-506 m at 76-84 degrees in Ordos. The spread
# is for the errors of the fix and of a compound's middle.
SHIFT_M, SHIFT_BEARING, SHIFT_SPREAD = (400.0, 520.0), 81.0, 30.0


@dataclass(frozen=True, slots=True)
class FarFix:
    """A fix `metres` from the middle of the compound; `is_shifted`: distance and direction are
    those by which GCJ-02 differs from WGS-84, so that a list or a phone may have used it."""

    metres: int
    is_shifted: bool

    @property
    def km(self) -> int | None:
        """Whole kilometres, for distances that nobody says in metres; else None."""
        return round(self.metres / 1_000) if self.metres >= 2_000 else None


def far_fix(fix: Fix | None, lat: float | None, lon: float | None) -> FarFix | None:
    """None where nothing speaks against the compound at `lat`, `lon` (degrees WGS-84): the fix is
    within its fence and twice the accuracy (the 68 % radius), or one of both is not known."""
    if fix is None or lat is None or lon is None or fix.datum != "WGS84":
        return None
    north, east = _offset(fix, lat, lon)
    metres = _great_circle_m(fix, lat, lon)
    if metres <= FENCE_M + 2 * (fix.radius_m or AMBER_M):
        return None
    bearing = degrees(atan2(east, north)) % 180  # either of both may be the shifted one
    fits = SHIFT_M[0] <= hypot(north, east) <= SHIFT_M[1]
    return FarFix(round(metres), fits and abs(bearing - SHIFT_BEARING) <= SHIFT_SPREAD)


def _offset(fix: Fix, lat: float, lon: float) -> tuple[float, float]:
    """Metres north and east from the compound to the fix, on a plane."""
    a_degree = radians(EARTH_M)
    return (fix.lat - lat) * a_degree, (fix.lon - lon) * a_degree * cos(radians(lat))


def _great_circle_m(fix: Fix, lat: float, lon: float) -> float:
    """By the haversine formula: exact to 0.5 % anywhere."""
    half_lat, half_lon = radians(fix.lat - lat) / 2, radians(fix.lon - lon) / 2
    a = sin(half_lat) ** 2 + cos(radians(lat)) * cos(radians(fix.lat)) * sin(half_lon) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(a)))
