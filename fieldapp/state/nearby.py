"""Which compounds are near a fix, and which ones a few letters can mean."""

from collections.abc import Iterable
from math import cos, hypot, radians

from contract.place import AMBER_M, Fix
from contract.reference import Compound, Places
from contract.search_text import search_text

METRES_PER_DEGREE = 111_320.0
FARTHEST_M = 500.0  # beyond it no compound is chosen for the worker
HALF_WIDE_M = 150.0  # from the middle of a compound to its fence
MOST_NEAR = 4


def distance_m(compound: Compound, fix: Fix) -> float | None:
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
    return sorted(places.compounds, key=lambda c: far if (m := distance_m(c, fix)) is None else m)


def nearest(places: Places, fix: Fix | None) -> Compound | None:
    """The compound to choose for the worker; None if the fix is mocked or worse than amber."""
    if fix is None or fix.mock or fix.radius_m is None or fix.radius_m > AMBER_M:
        return None
    for compound in by_distance(places, fix)[:1]:
        away = distance_m(compound, fix)
        return compound if away is not None and away <= FARTHEST_M else None
    return None


def within_reach(places: Places, fix: Fix | None) -> list[Compound]:
    """Those that a worker at this fix may be in, nearest first: within twice its accuracy (the 68 %
    radius) of a fence. [] for a mocked fix."""
    if fix is None or fix.mock or fix.radius_m is None:
        return []
    reach = HALF_WIDE_M + 2 * fix.radius_m
    near = [
        c for c in by_distance(places, fix) if (m := distance_m(c, fix)) is not None and m <= reach
    ]
    return near[:MOST_NEAR]


def compounds_of(places: Places, ids: Iterable[str]) -> list[Compound]:
    """The compounds of these ids that are still in the bureau's list, in this order, each once."""
    listed = {compound.id: compound for compound in places.compounds}
    return [listed[one] for one in dict.fromkeys(ids) if one in listed]


def find_compounds(places: Places, fix: Fix | None, asked: str) -> list[Compound]:
    """By a part of a name or of the pinyin initials; first those that begin with it, then by
    distance."""
    wanted = search_text(asked)
    hits = [c for c in by_distance(places, fix) if any(wanted in one for one in _names(c))]
    return sorted(hits, key=lambda c: not any(one.startswith(wanted) for one in _names(c)))


def by_initials(places: Places, fix: Fix | None, letters: str) -> list[Compound]:
    """Whose pinyin initials begin with these letters, nearest first."""
    return [c for c in by_distance(places, fix) if c.initials.startswith(letters)]


def next_letters(compounds: Iterable[Compound], letters: str) -> list[str]:
    """The letters that can follow in the pinyin initials."""
    at = len(letters)
    return sorted({c.initials[at] for c in compounds if len(c.initials) > at})


def _names(compound: Compound) -> tuple[str, ...]:
    names = (compound.name, *compound.aliases)
    return (*map(search_text, names), search_text(compound.initials))
