"""How likely a report is of a site that is near: evidence in log-likelihoods, each with its reason.

What it says is only ever suggested; what links a report is its key (domain/site_key.py). The
weights are fitted on the training towns of `python -m bench.sites --fit`, natural logarithms of how
often a reason is seen with the same site against with another one of that compound.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, exp, hypot, log, radians

from contract.address import Door
from contract.place import Fix
from contract.report import Report
from sync_server.domain.located import Located
from sync_server.domain.site_key import SiteKey, alike, firm_core

Reason = tuple[str, float]
KEY_PARTS = ("building", "unit", "floor", "room")  # of a key's door, in their order
COMPARABLE = frozenset({"WGS84"})
METRES_A_DEGREE = 111_195.0
WITHIN_M = 15.0  # how far from its door a report is written: to the gate, across the yard
UNKNOWN_M = 50.0  # the accuracy of a fix that tells none
LIKELY = 0.75  # from which probability a site is suggested: then 9 of 10 are right
NEW = 0.0  # weight of "none of those that are known"
WEIGHTS: Mapping[str, float] = {
    "at_sharp": 1.87,
    "near_sharp": 0.77,
    "off_sharp": -1.17,
    "away_sharp": -2.03,
    "at_vague": 0.83,
    "near_vague": -0.06,
    "off_vague": -1.11,
    "away_vague": -1.18,
    "no_distance": -0.06,
    "building": 0.96,
    "no_building": -0.42,
    "unit": 4.98,
    "no_unit": -0.04,
    "floor": 0.0,
    "no_floor": 0.0,
    "room": 5.77,
    "no_room": -0.01,
    "firm": 5.23,
    "no_firm": -0.16,
    "venue": 0.55,
    "other_venue": -2.74,
    "disguise": 0.84,
    "other_disguise": -1.23,
    "no_disguise": 0.0,
    "slot": 0.73,
    "other_slot": -1.25,
    "no_slot": 0.0,
    "rest": -0.43,
    "no_rest": 0.0,
}
# Of a part that is equal in both keys, against two reports of the bureau by chance.
KEY_WEIGHTS: Mapping[str, float] = {
    "compound": 5.29,
    "area": 1.55,
    "building": 2.94,
    "unit": 2.18,
    "floor": 0.16,
    "room": 5.63,
}


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees WGS-84 and the radius in metres in which it lies by 68 %."""

    lat: float
    lon: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Clues:
    """What of a report tells its site: the door as far as it is read (`has_rest`: with something
    that may change it), and what was seen there."""

    area: str
    door: Door
    has_rest: bool = False
    firm: str = ""
    venue: str | None = None
    position: Position | None = None
    disguises: frozenset[str] = frozenset()
    slots: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What the reports of a site say together; `position` weighted by their accuracies."""

    site: str
    door: Door
    firms: frozenset[str]
    venues: frozenset[str | None]
    position: Position | None
    disguises: frozenset[str]
    slots: frozenset[str]
    reports: int


@dataclass(frozen=True, slots=True)
class SiteCandidate:
    """A site that a report may be of: the evidence, and the probability against all others."""

    site: str
    evidence: tuple[Reason, ...]
    probability: float

    @property
    def weight(self) -> float:
        return sum(weight for _, weight in self.evidence)


@lru_cache(4096)
def key_evidence(key: SiteKey) -> tuple[Reason, ...]:
    """Why a report is of the site of its key: all its parts are equal."""
    parts = zip(KEY_PARTS, key.door.split("/") if key.door else (), strict=False)
    codes = ["area" if key.area.startswith("~") else "compound"]
    codes += [code for code, part in parts if part]
    return tuple((code, KEY_WEIGHTS[code]) for code in codes)


def clues(report: Report, located: Located) -> Clues:
    """What of a report tells its site; a fix of another compound tells nothing of the door."""
    return Clues(
        area=located.compound or f"~{located.area}",
        door=located.door,
        has_rest=bool(located.rest),
        firm=firm_core(report.institution),
        venue=report.place.venue,
        position=position_of(report.fix),
        disguises=frozenset(report.disguises),
        slots=frozenset(report.time_slots),
    )


def position_of(fix: Fix | None) -> Position | None:
    """The position that a fix tells; None for one whose datum cannot be compared, or a faked
    one."""
    if fix is None or fix.datum not in COMPARABLE or fix.mock:
        return None
    return Position(fix.lat, fix.lon, fix.radius_m or UNKNOWN_M)


def together(positions: Sequence[Position]) -> Position | None:
    """The mean of positions, each weighted by its inverse variance, and its radius: never less than
    WITHIN_M / √n, for all stood somewhere about the door."""
    if not positions:
        return None
    weights = [1 / (each.radius_m**2 + WITHIN_M**2) for each in positions]
    whole = sum(weights)
    lat = sum(w * each.lat for w, each in zip(weights, positions, strict=True)) / whole
    lon = sum(w * each.lon for w, each in zip(weights, positions, strict=True)) / whole
    return Position(lat, lon, whole**-0.5)


def distance_m(one: Position, other: Position) -> float:
    """Metres between two positions a few kilometres apart at most."""
    north = (one.lat - other.lat) * METRES_A_DEGREE
    east = (one.lon - other.lon) * METRES_A_DEGREE * cos(radians(one.lat))
    return hypot(north, east)


def facts(site: str, members: Sequence[Clues]) -> SiteFacts:
    """Sums up the reports of a site (at least one). A part of the door that they do not agree on is
    None."""
    doors = [each.door for each in members if not each.has_rest]
    return SiteFacts(
        site=site,
        door=Door(*(_agreed([getattr(d, part) for d in doors]) for part in Door.__slots__)),
        firms=frozenset(each.firm for each in members if each.firm),
        venues=frozenset(each.venue for each in members),
        position=together([each.position for each in members if each.position]),
        disguises=frozenset().union(*(each.disguises for each in members)),
        slots=frozenset().union(*(each.slots for each in members)),
        reports=len(members),
    )


def candidates(one: Clues, sites: Sequence[SiteFacts]) -> list[SiteCandidate]:
    """The sites that a report may be of, the likeliest first; those of which a part of the door or
    the institution contradicts it are left out."""
    found = [(site, reasons) for site in sites if (reasons := evidence(one, site)) is not None]
    odds = [exp(sum(weight for _, weight in reasons)) for _, reasons in found]
    whole = exp(NEW) + sum(odds)
    listed = [
        SiteCandidate(site.site, reasons, each / whole)
        for (site, reasons), each in zip(found, odds, strict=True)
    ]
    return sorted(listed, key=lambda each: (-each.probability, each.site))


def evidence(one: Clues, site: SiteFacts) -> tuple[Reason, ...] | None:
    """What speaks for and against one site, None if something rules it out."""
    codes = reasons(one, site)
    if codes is None:
        return None
    weighed = tuple((code, WEIGHTS[code]) for code in codes)
    return (*weighed, ("reports", round(log(site.reports), 2)))


def reasons(one: Clues, site: SiteFacts) -> tuple[str, ...] | None:
    """The codes of all that is seen of the pair, one for each thing that is compared; None if a
    part of the door or the institution contradicts."""
    pairs = [(part, getattr(one.door, part), getattr(site.door, part)) for part in Door.__slots__]
    if any(a and b and a != b for _, a, b in pairs):
        return None
    if one.firm and site.firms and not any(alike(one.firm, firm) for firm in site.firms):
        return None
    firm = "firm" if one.firm and site.firms else "no_firm"
    doors = [part if a and b else f"no_{part}" for part, a, b in pairs]
    return (
        *doors,
        firm,
        "venue" if one.venue in site.venues else "other_venue",
        _shared("disguise", one.disguises, site.disguises),
        _shared("slot", one.slots, site.slots),
        _distance(one.position, site.position),
        "rest" if one.has_rest else "no_rest",
    )


def _distance(one: Position | None, other: Position | None) -> str:
    if one is None or other is None:
        return "no_distance"
    spread = hypot(one.radius_m, other.radius_m, WITHIN_M)
    ratio = distance_m(one, other) / spread
    sharp = "sharp" if spread < 25 else "vague"  # metres: less than between two buildings, or more
    steps = ((0.75, "at"), (1.5, "near"), (2.5, "off"))
    return next((f"{word}_{sharp}" for most, word in steps if ratio < most), f"away_{sharp}")


def _shared(what: str, one: frozenset[str], other: frozenset[str]) -> str:
    if not one or not other:
        return f"no_{what}"
    return what if one & other else f"other_{what}"


def _agreed(values: Sequence[str | None]) -> str | None:
    named = {value for value in values if value}
    return named.pop() if len(named) == 1 else None
