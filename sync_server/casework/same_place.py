"""What may be about the same place as an address, in any spelling: open leads and complaints."""

from collections.abc import Sequence
from dataclasses import dataclass

from contract.address import parse
from contract.place import Place
from contract.search_text import search_words
from sync_server.casework.tasks import place_of
from sync_server.domain.located import locate, place_key
from sync_server.sites.gazetteer import gazetteer
from sync_server.store import complaints
from sync_server.store.engine import DatabaseRow, Tx

MOST = 5  # of each
SHORTEST = 2  # characters of an address that are worth a search


@dataclass(frozen=True, slots=True)
class SamePlace:
    """Open leads and complaints that may be about one place, the newest first. `at_door` are the
    ids of leads at the very building; `compound` is the bureau's own, None if it is not known."""

    compound: str | None
    leads: Sequence[DatabaseRow] = ()
    complaints: Sequence[DatabaseRow] = ()
    at_door: frozenset[str] = frozenset()


def key_of(tx: Tx, address: str) -> tuple[str | None, str | None, str]:
    """The compound, the building, and the key under which records of one door are counted."""
    compound, building = place_of(tx, address)
    place = Place(landmark=address[:100])
    if compound:  # also where its name stands among other words
        unit = parse(address).door.unit if building else None
        place = Place(compound=compound, building=building, unit=unit)
    return compound, building, place_key(place, locate(place, gazetteer(tx)))[:200]


def same_place(tx: Tx, address: str) -> SamePlace:
    """What is open at this address: at its building first, then elsewhere in its compound."""
    if len(address) < SHORTEST:
        return SamePlace(None)
    compound, _, key = key_of(tx, address)
    area, building, _ = (*key.split("/"), "", "")[:3]
    near = f"{area}/{building}/" if building else f"{area}/"
    leads = list(complaints.leads_by_key(tx, near, MOST)) if area else []
    at_door = frozenset(row.id for row in leads) if building else frozenset[str]()
    if building and area and len(leads) < MOST:
        leads += complaints.leads_by_key(tx, f"{area}/", MOST)
    if compound is None and len(leads) < MOST:
        leads += complaints.leads_by_words(tx, search_words(address)[:5], MOST)
    found = {row.id: row for row in leads}
    others = complaints.same_place(tx, near, MOST) if area else ()
    return SamePlace(compound, list(found.values())[:MOST], others, at_door)
