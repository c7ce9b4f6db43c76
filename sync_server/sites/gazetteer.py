"""The bureau's compounds as texts are resolved by, cached until its lists change."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from threading import Lock
from weakref import WeakKeyDictionary

from contract.address import canonical_area, canonical_building, canonical_unit
from contract.door_words import VILLAGE
from contract.reference import Compound
from contract.search_text import search_text
from sync_server.domain.gazetteer import ENDING, Gazetteer
from sync_server.importing.initials import initials, pinyin
from sync_server.private_traceback import private_traceback
from sync_server.store import places
from sync_server.store.engine import Tx

log = logging.getLogger("xuncha")
_cached: WeakKeyDictionary[object, dict[str, tuple[int, Gazetteer]]] = WeakKeyDictionary()
_lock = Lock()


def gazetteer(tx: Tx) -> Gazetteer:
    """Of this bureau's compounds as they are now. An empty one if they cannot be read: a report is
    received whatever the state of the lists."""
    change = places.stamp(tx)
    with _lock:
        of_database = _cached.setdefault(tx.database, {})
        held = of_database.get(tx.bureau)
        if held is None or held[0] != change:
            held = of_database[tx.bureau] = (change, _read(tx))
    return held[1]


def gazetteer_of(compounds: Iterable[Compound]) -> Gazetteer:
    """Names that two compounds share, or that sound alike, resolve to neither."""
    names, sounds = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    communities, houses, units, points = {}, set(), {}, {}
    spelled: dict[str, frozenset[str]] = {}
    for one in compounds:
        communities[one.id] = one.community
        spelled[one.id] = _spelled(one)
        if one.lat is not None and one.lon is not None:
            points[one.id] = (one.lat, one.lon)
        for name in {canonical_area(name) for name in (one.name, *one.aliases)} - {""}:
            for form in (name, name.removesuffix(ENDING), name.removesuffix(ENDING) + ENDING):
                names[form].add(one.id)
            sounds[pinyin(name.removesuffix(ENDING))].add(one.id)
            if one.venue == "YARD" or VILLAGE.search(name):
                houses.add(one.id)
        for building in one.buildings:
            key = (one.id, canonical_building(building.name))
            units[key] = frozenset(map(canonical_unit, building.units))
    found = Gazetteer(_only(names), _only(sounds), communities, frozenset(houses), units, points)
    return replace(found, spelled=spelled, sound=pinyin)


def _spelled(one: Compound) -> frozenset[str]:
    whole = (one.name, *one.aliases)
    names = [*whole, *(each.removesuffix(ENDING) for each in whole)]
    plain = set(map(search_text, names))
    sounds = {sound for each in names for sound in (initials(each), pinyin(each).replace("'", ""))}
    return frozenset((plain | sounds | {one.initials.lower()}) - {""})


def _only(found: dict[str, set[str]]) -> dict[str, str]:
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


def _read(tx: Tx) -> Gazetteer:
    try:
        return gazetteer_of(places.for_phone(tx, None).compounds)
    except Exception as error:
        log.error("names of compounds cannot be read: %s", private_traceback(error))
        return Gazetteer()
