"""A place in the worker's own words, read as far as it can be: which compound, building, unit."""

from collections.abc import Iterable

from contract.address import (
    Door,
    canonical_area,
    canonical_building,
    canonical_unit,
    display,
    parse,
    split_zone,
)
from contract.place import Place
from contract.reference import Building, Compound, Places
from contract.rules import HOME
from fieldapp.state.patrol_route import place_of

SHORTEST = 2  # characters of a name that may stand for all of it


def read_place(place: Place, text: str, places: Places) -> Place:
    """The place that `text` describes. A compound that the bureau knows is recognised; else the
    words stay. Of a home neither floor nor room is kept (rule L4)."""
    reading = parse(text)
    compound = compound_meant(places, reading.area)
    if compound:
        rest = _rest(compound, reading.area)
        return at_door(place_of(compound), reading.door, compound, rest)
    words = " ".join(part for part in (reading.area, reading.rest) if part)
    if not words or reading.door == Door():
        return place.changed(landmark=text.strip())
    return at_door(place.changed(landmark=words), reading.door, None)


def at_door(place: Place, door: Door, compound: Compound | None, rest: str = "") -> Place:
    """The place with building and unit, named as in the bureau's list if it knows the building.
    `rest` is what stands between the compound's name and the door; a zone in it belongs to the
    building's name (2期3号楼), for the compound may have a building 3 in each."""
    known = compound.buildings if compound else ()
    zone = split_zone(rest)[1] if door.building else ""
    number = door.building or canonical_building(rest)
    wanted = canonical_building(zone + number)
    building = next((b for b in known if wanted and canonical_building(b.name) == wanted), None)
    spoken = building.name if building else zone + display("", Door(building=number or None))
    inside = {"floor": door.floor, "room": door.room} if place.venue != HOME else {}
    unit = _unit(building, door.unit)
    return place.changed(
        **{"building": spoken or None, "unit": unit, "floor": None, "room": None, **inside}
    )


def compound_meant(places: Places, area: str) -> Compound | None:
    """The one compound that these words can mean, with or without the zone at their end; None if
    there are several, or none."""
    words = canonical_area(area)
    bare, zone = split_zone(words)
    whole = [c for c in places.compounds if zone and not any(split_zone(n)[1] for n in _names(c))]
    for meant, compounds in ((words, places.compounds), (bare, whole)):
        for fits in (_is_name, _begins_with_name, _is_part_of_name):
            hits = [c for c in compounds if any(fits(meant, name) for name in _names(c))]
            if hits and len(meant) >= SHORTEST:
                return hits[0] if len(hits) == 1 else None
    return None


def _is_name(words: str, name: str) -> bool:
    return words == name


def _begins_with_name(words: str, name: str) -> bool:
    """样例南街6号: the name, and a number after it."""
    return words.startswith(name)


def _is_part_of_name(words: str, name: str) -> bool:
    return name.startswith(words)


def _names(compound: Compound) -> Iterable[str]:
    return (canonical_area(name) for name in (compound.name, *compound.aliases))


def _rest(compound: Compound, area: str) -> str:
    """What the words say beyond the compound's name: 6号 of 样例南街6号, 2期 of 样例苑2期."""
    words = canonical_area(area)
    begun = [name for name in _names(compound) if words.startswith(name)]
    if begun:
        return words[len(max(begun, key=len)) :]
    zone = split_zone(words)[1]
    return "" if any(name.startswith(words) for name in _names(compound)) else zone


def _unit(building: Building | None, unit: str | None) -> str | None:
    if unit is None:
        return None
    known = building.units if building else ()
    same = (name for name in known if canonical_unit(name) == unit)
    return next(same, display("", Door(unit=unit)))
