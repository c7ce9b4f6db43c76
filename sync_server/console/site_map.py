"""Where a site lies by all positions together; by its compound's middle where none is left."""

from collections.abc import Sequence
from dataclasses import dataclass

from sync_server.console.site_view import ReadLead
from sync_server.console.sketch_map import MapPoint, SketchMap, sketch_map
from sync_server.console.words import Wording
from sync_server.domain.site_evidence import position_of, together
from sync_server.store import places, record_details
from sync_server.store.engine import Tx

NEAR_DEGREES = 0.03  # about 3 km


@dataclass(frozen=True, slots=True)
class SiteMap:
    """Where a site lies, in `words`; `map` None, and "", if nothing is known."""

    map: SketchMap | None = None
    words: str = ""
    away: str = ""  # how far that is from the compound


def site_map(tx: Tx, area: str, leads: Sequence[ReadLead], wording: Wording) -> SiteMap:
    """Of the site in this area (a compound's code, or "~" and a text)."""
    known = [where for one in leads if (where := position_of(one.report.fix))]
    compound = places.compound(tx, area)
    where = together(known)
    if where is None:
        return _by_compound(tx, compound, wording) if compound else SiteMap()
    circles = [(one.lat, one.lon, one.radius_m) for one in known]
    fix = (where.lat, where.lon, where.radius_m)
    drawn = sketch_map(fix, _around(tx, area, (where.lat, where.lon)), circles)
    at, metres = f"{where.lat:.5f}, {where.lon:.5f}", round(where.radius_m)
    words = wording.say("site.position", at=at, m=metres, n=len(known))
    away = drawn.away_m if drawn else None
    told = wording.say("fix.away", name=compound.name, m=away) if compound and away else ""
    return SiteMap(drawn, words, told)


def _by_compound(tx: Tx, compound: object, wording: Wording) -> SiteMap:
    """Rule L8: once its cases are closed, no report of a site says where the worker stood."""
    code, lat, lon, name = (getattr(compound, part) for part in ("compound", "lat", "lon", "name"))
    if lat is None or lon is None:
        return SiteMap()
    drawn = sketch_map(None, _around(tx, code, (lat, lon)))
    return SiteMap(drawn, wording.say("site.by_compound", name=name))


def _around(tx: Tx, picked: str, at: tuple[float, float]) -> list[MapPoint]:
    near = record_details.compounds_near(tx, *at, NEAR_DEGREES)
    return [MapPoint(row.lat, row.lon, row.name, row.compound == picked) for row in near]
