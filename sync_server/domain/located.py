"""Reads where a report was made: compound, building, unit and landmark as one text, the compound by
its code. What the worker wrote stays in the report."""

import re
from dataclasses import dataclass, fields, replace
from functools import lru_cache

from contract.address import (
    Door,
    canonical_area,
    canonical_building,
    canonical_unit,
    display,
    key,
    parse,
)
from contract.numerals import normalize
from contract.place import Place
from contract.visible_text import has_visible
from sync_server.domain.gazetteer import Gazetteer

_TIME = re.compile("(?<![0-9])[0-2]?[0-9]:[0-5][0-9](?![0-9])")
_read = lru_cache(4096)(parse)  # many reports speak of one door


@dataclass(frozen=True, slots=True)
class Located:
    """Where a report was made: the `compound` by its code, "" where none is known; `area`, the text
    of the area in canonical form; the `door`; and `rest`, what was read as no part of the door and
    may make it another one (3号楼对面, or a landmark that names another door)."""

    compound: str
    area: str
    door: Door
    rest: str = ""


def locate(place: Place, known: Gazetteer) -> Located:
    """Reads a place; never raises. What was picked stands before what a text says."""
    picked = Door(
        *(_visible(part) for part in (place.building, place.unit, place.floor, place.room))
    )
    name, landmark = _visible(place.compound_name) or "", _visible(place.landmark) or ""
    if place.compound:
        found = _in_compound(place.compound, picked, known)
    else:
        found = _in_words(name or landmark, picked, place.community, known)
        landmark = landmark if name else ""
    return _beside(found, landmark, place.community, known) if landmark else found


def place_key(place: Place, located: Located) -> str:
    """The key compound/building/unit under which records of one door are counted together. What
    stands after a door (3号楼对面) makes it another place: without a code the landmark is then kept
    as it is."""
    door = located.door
    if located.compound and (place.compound or not located.rest):
        return "/".join((canonical_area(located.compound), door.building or "", door.unit or ""))
    if located.rest:
        return key(place.landmark or place.compound_name, place.building, place.unit)
    return "/".join((located.area, door.building or "", door.unit or ""))


def _in_compound(code: str, picked: Door, known: Gazetteer) -> Located:
    """Of a picked compound: its building and unit may stand in one field, and 2期3号楼 in one."""
    read = _read(display("", picked))
    if read.rest:
        building, unit = (
            canonical_building(picked.building or ""),
            canonical_unit(picked.unit or ""),
        )
        door = replace(read.door, building=building or None, unit=unit or None)
        return Located(code, code, door, read.rest)
    before = "" if read.area and known.resolved(read.area, None)[0] == code else read.area
    building = before + (read.door.building or "")
    return Located(code, code, replace(read.door, building=building or None))


def _in_words(text: str, picked: Door, community: str | None, known: Gazetteer) -> Located:
    read = _read(display(text, picked))
    code, zone = known.resolved(read.area, community)
    if not code:
        return Located("", read.area, read.door, read.rest)
    building = zone + read.door.building if read.door.building else None
    return Located(code, code, replace(read.door, building=building), read.rest)


def _beside(found: Located, landmark: str, community: str | None, known: Gazetteer) -> Located:
    """With what the landmark adds. One without a number only describes the place."""
    read = _read(landmark)
    if read.door == Door():
        return replace(found, rest=found.rest + landmark) if _has_number(landmark) else found
    code, zone = known.resolved(read.area, community) if read.area else (found.compound, "")
    named = replace(read.door, building=zone + read.door.building if read.door.building else None)
    if read.rest or code != found.compound or not _agree(found.door, named):
        return replace(found, rest=found.rest + landmark)
    parts = {f.name: getattr(found.door, f.name) or getattr(named, f.name) for f in fields(Door)}
    return replace(found, door=Door(**parts))


def _agree(one: Door, other: Door) -> bool:
    """Whether no part of one contradicts the other."""
    pairs = ((getattr(one, f.name), getattr(other, f.name)) for f in fields(Door))
    return all(a is None or b is None or a == b for a, b in pairs)


def _visible(text: str | None) -> str | None:
    return text if text and has_visible(text) else None


def _has_number(text: str) -> bool:
    """Whether a number stands there that is not the time of a day (18:30)."""
    return any(c.isnumeric() for c in _TIME.sub("", normalize(text)))
