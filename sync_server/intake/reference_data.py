"""The bureau's places and lists as phones are sent them, cached for each grid until they change."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from contract import wire
from contract.address import key
from contract.reference import LeadCounts, Places, Plan, Reference, Task
from contract.value import Value
from contract.zone import ZONE
from sync_server.accounts.phones import Phone
from sync_server.intake.count_news import CountNews, Known
from sync_server.private_traceback import private_traceback
from sync_server.store import places, reference
from sync_server.store.engine import Tx
from sync_server.store.lead_counts import buildings_of

log = logging.getLogger("xuncha")

VERSION_DIGITS = 16  # hexadecimal digits of a digest
MOST_EDITIONS = 10_000  # whose versions of lists are cached
RETRY = timedelta(minutes=1)  # until a list that could not be read is tried again
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Edition:
    """All lists that one grid is sent, the name of the whole, and the version of each list. A list
    that could not be read is missing: phones keep the one they have. `buildings` are those of the
    places, by their canonical form."""

    name: str
    places: Places | None
    lists: Mapping[str, tuple[Value, ...]]
    versions: Mapping[str, str]
    utc_offset_min: int = 0
    buildings: Known = field(default_factory=dict)

    @classmethod
    def of(
        cls, places: Places | None, lists: Mapping[str, tuple[Value, ...]], utc_offset_min: int
    ) -> "Edition":
        """Names the edition by the digest of its versions, and each version by that of its list."""
        versions = {
            name: wire.digest([wire.to_json(one) for one in rows])[:VERSION_DIGITS]
            for name, rows in lists.items()
        }
        versions = ({"places": places.version} if places else {}) | versions
        versions["utc_offset_min"] = str(utc_offset_min)
        name = wire.digest(versions)[:VERSION_DIGITS]
        named = places and places.changed(edition=name)
        return cls(name, named, lists, versions, utc_offset_min, _buildings(places))

    def changes_since(self, held: Mapping[str, str]) -> tuple[Places | None, Reference]:
        """The lists whose version differs from the one held."""
        changed = {name for name, version in self.versions.items() if held.get(name) != version}
        news: dict[str, object] = {n: rows for n, rows in self.lists.items() if n in changed}
        if "utc_offset_min" in changed:
            news["utc_offset_min"] = self.utc_offset_min
        rest = Reference.model_validate({"version": self.name, **news})
        return (self.places if "places" in changed else None), rest


@dataclass(frozen=True, slots=True)
class CachedEdition:
    """An edition as of a change; `until` is when a missing list is tried again, None if none is."""

    change: int
    edition: Edition
    until: datetime | None

    def is_right(self, change: int, now: datetime) -> bool:
        """Whether it needs no reading again."""
        return self.change == change and (self.until is None or now < self.until)


class ReferenceData:
    """Caches editions in the memory of this process. Every change of the places or lists counts up
    a number in the database (`current_change`), which tells whether the cache is still right."""

    def __init__(self) -> None:
        self._cached: dict[tuple[str | None, str | None], CachedEdition] = {}
        self._institutions: tuple[int, tuple[Value, ...]] = (-1, ())
        self._versions: dict[str, Mapping[str, str]] = {}

    def current_change(self, tx: Tx) -> int:
        """The number of the last change."""
        return places.stamp(tx)

    def changes_for(
        self, tx: Tx, phone: Phone, held: str, at: tuple[int, datetime]
    ) -> tuple[Places | None, Reference | None]:
        """What this phone lacks that holds the edition `held`; a phone that knows of no editions
        names the version of its places instead. `at` is the current change and the time.

        Never fails: a reply goes without what cannot be read, for its receipts must not wait.
        """
        try:
            edition = self._edition(tx, phone, at)
            if held in (edition.name, edition.versions.get("places")):
                return None, None
            return edition.changes_since(self._versions_of(tx, held))
        except Exception as error:
            log.error("a reply goes without lists: %s", private_traceback(error))
            return None, None

    def counts_for(
        self, tx: Tx, phone: Phone, held: tuple[str | None, bool], at: tuple[CountNews, datetime]
    ) -> LeadCounts | None:
        """What is new to this phone of the numbers of leads; `held` is what it names, and whether
        it is to be told all. Never fails, either."""
        news, now = at
        if held[0] is None:
            return None
        try:
            edition = self._edition(tx, phone, (news.change, now))
            return news.since(phone, held, edition.buildings) if edition.places else None
        except Exception as error:
            log.error("a reply goes without numbers of leads: %s", private_traceback(error))
            return None

    def _edition(self, tx: Tx, phone: Phone, at: tuple[int, datetime]) -> Edition:
        change, now = at
        found = self._cached.get((phone.grid, phone.community))
        right = found is not None and found.is_right(change, now)
        return found.edition if found and right else self._read(tx, phone, change, now)

    def _read(self, tx: Tx, phone: Phone, change: int, now: datetime) -> Edition:
        grid, community = phone.grid, phone.community
        readers: dict[str, Callable[[], tuple[Value, ...]]] = {
            "plans": lambda: reference.plans_for(tx, grid, community),
            "tasks": lambda: reference.tasks_for(tx, grid, community),
            "notices": lambda: reference.notices_for(tx, grid, community),
            "leads": lambda: (),  # of before CountNews: an app of then shows none, not old ones
            "institutions": lambda: self._institutions_at(tx, change),
        }
        read = {name: _attempt(tx, name, reader) for name, reader in readers.items()}
        lists = {name: rows for name, rows in read.items() if rows is not None}
        sent_to = _compounds_named(lists)
        here = _attempt(tx, "places", lambda: places.for_phone(tx, grid, sent_to))
        edition = Edition.of(here, lists, ZONE.minutes_at(now))
        with tx.savepoint():
            reference.keep_edition(tx, edition.name, edition.versions, now)
        until = None if here and len(lists) == len(readers) else now + RETRY
        self._cached[grid, community] = CachedEdition(change, edition, until)
        return edition

    def _institutions_at(self, tx: Tx, change: int) -> tuple[Value, ...]:
        if self._institutions[0] != change:
            self._institutions = (change, reference.institutions_of_bureau(tx))
        return self._institutions[1]

    def _versions_of(self, tx: Tx, edition: str) -> Mapping[str, str]:
        if not edition:
            return {}
        if len(self._versions) >= MOST_EDITIONS:
            self._versions.clear()
        found = self._versions.get(edition)
        if not found:
            with tx.savepoint():
                found = reference.parts(tx, edition)
        if found:
            self._versions[edition] = found
        return found


def _compounds_named(lists: Mapping[str, tuple[Value, ...]]) -> set[str]:
    """Where plans and tasks send a worker: there they may report, whichever grid it is in."""
    planned = {
        code for one in lists.get("plans", ()) if isinstance(one, Plan) for code in one.compounds
    }
    tasks = [one for one in lists.get("tasks", ()) if isinstance(one, Task)]
    return planned | {one.compound for one in tasks if one.compound}


def _buildings(places: Places | None) -> Known:
    compounds = places.compounds if places else ()
    listed = [
        (one.id, name) for one in compounds for name in ("", *(b.name for b in one.buildings))
    ]
    return {buildings_of(key(id, name or None, None))[0]: (id, name or None) for id, name in listed}


def _attempt(tx: Tx, name: str, read: Callable[[], T]) -> T | None:
    """What `read` returns; None, and a line in the log, if the list cannot be read."""
    try:
        with tx.savepoint():
            return read()
    except Exception as error:
        log.error("the list %s cannot be read: %s", name, private_traceback(error))
        return None
