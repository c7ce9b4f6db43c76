"""What the bureau's lists say of a place, and how they are searched without a network."""

from datetime import date
from itertools import islice

from contract.address import canonical_building
from contract.reference import (
    BuildingRecordCount,
    Institution,
    LeadCounts,
    Notice,
    Reference,
    Task,
)
from contract.search_text import found_in, search_text, search_words

SHORTEST, MOST_NAMED = 2, 3  # characters of a name to look for; names to show


def leads_at(held: LeadCounts, compound: str, building: str | None) -> BuildingRecordCount | None:
    """How many leads there are about this building; about the compound if `building` is None."""
    wanted = canonical_building(building or "")
    for one in held.buildings:
        if one.compound == compound and canonical_building(one.building or "") == wanted:
            return one
    return None


def licensed_at(held: Reference, compound: str, building: str | None) -> list[Institution]:
    """The licensed institutions of this building; of the compound if `building` is None."""
    wanted = canonical_building(building or "")
    listed = [one for one in held.institutions or () if one.compound == compound]
    return [one for one in listed if not wanted or canonical_building(one.building or "") == wanted]


def search_institutions(held: Reference, asked: str) -> list[Institution]:
    """By parts of name, pinyin initials, code, licence or address, in any order; all of them if
    `asked` is empty. Those that begin with the first part come first."""
    hits = [one for one in held.institutions or () if _has(one, asked)]
    first = next(iter(search_words(asked)), "")
    return sorted(hits, key=lambda one: not search_text(one.name + one.initials).startswith(first))


def institutions_named(held: Reference, typed: str) -> tuple[Institution, ...]:
    """The licensed institutions that a name on a board may be, as far as it is typed."""
    name = search_text(typed)
    fits = (one for one in held.institutions or () if name in search_text(one.name))
    return tuple(islice(fits, MOST_NAMED)) if len(name) >= SHORTEST else ()


def notices_in_force(held: Reference, today: date) -> list[Notice]:
    """Urgent ones first, then the newest; without those whose last day is over."""
    valid = [one for one in held.notices or () if one.until is None or one.until >= today]
    newest = sorted(valid, key=lambda one: one.issued, reverse=True)
    return sorted(newest, key=lambda one: not one.urgent)


def tasks_by_day(held: Reference) -> list[Task]:
    """The most pressing first; those without a last day at the end."""
    return sorted(held.tasks or (), key=lambda one: (one.due is None, one.due or date.max))


def _has(one: Institution, asked: str) -> bool:
    words = (one.name, one.initials, one.code or "", one.licence, one.address, one.kind)
    return found_in(asked, *words)
