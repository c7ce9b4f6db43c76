"""Which compound a fix speaks of: the nearest one, if the fix is good enough to say so."""

from math import cos, hypot, radians

from contract.place import AMBER_M, Fix
from contract.reference import Compound, Places

METRES_PER_DEGREE = 111_320.0
FARTHEST_M = 500.0  # beyond it no compound is chosen for the worker


def metres(compound: Compound, fix: Fix) -> float | None:
    """From the fix to the compound's centroid, on a plane: exact enough within a town."""
    if compound.lat is None or compound.lon is None:
        return None
    north = (compound.lat - fix.lat) * METRES_PER_DEGREE
    east = (compound.lon - fix.lon) * METRES_PER_DEGREE * cos(radians(fix.lat))
    return hypot(north, east)


def by_distance(places: Places, fix: Fix | None) -> list[Compound]:
    """Nearest first; without a fix, in the bureau's own order."""
    if fix is None:
        return list(places.compounds)
    far = float("inf")
    return sorted(places.compounds, key=lambda c: far if (m := metres(c, fix)) is None else m)


def nearest(places: Places, fix: Fix | None) -> Compound | None:
    """The compound to choose for the worker; none when the fix is mocked or worse than amber."""
    if fix is None or fix.mock or fix.accuracy_m is None or fix.accuracy_m > AMBER_M:
        return None
    for compound in by_distance(places, fix)[:1]:
        away = metres(compound, fix)
        return compound if away is not None and away <= FARTHEST_M else None
    return None


def found(places: Places, fix: Fix | None, asked: str) -> list[Compound]:
    """By a piece of the name or of its pinyin initials; nearest first."""
    wanted = asked.strip().lower()
    return [c for c in by_distance(places, fix) if wanted in c.name.lower() or wanted in c.initials]
