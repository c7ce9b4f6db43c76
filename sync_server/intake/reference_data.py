"""The bureau's places and lists as phones are sent them, cached for each grid until they change."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from contract import wire
from contract.reference import Places, Reference
from contract.value import Value
from sync_server.accounts.phones import Phone
from sync_server.private_traceback import private_traceback
from sync_server.store import places, reference
from sync_server.store.engine import Tx

log = logging.getLogger("xuncha")

VERSION_DIGITS = 16  # hexadecimal digits of a digest
MOST_EDITIONS = 10_000  # whose versions of lists are cached
RETRY = timedelta(minutes=1)  # until a list that could not be read is tried again
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Edition:
    """All lists that one grid is sent, the name of the whole, and the version of each list. A list
    that could not be read is missing: phones keep the one they have."""

    name: str
    places: Places | None
    lists: Mapping[str, tuple[Value, ...]]
    versions: Mapping[str, str]

    @classmethod
    def of(cls, places: Places | None, lists: Mapping[str, tuple[Value, ...]]) -> "Edition":
        """Names the edition by the digest of its versions, and each version by that of its list."""
        versions = {
            name: wire.digest([wire.to_json(one) for one in rows])[:VERSION_DIGITS]
            for name, rows in lists.items()
        }
        versions = ({"places": places.version} if places else {}) | versions
        name = wire.digest(versions)[:VERSION_DIGITS]
        return cls(name, places and places.changed(edition=name), lists, versions)

    def changes_since(self, held: Mapping[str, str]) -> tuple[Places | None, Reference]:
        """The lists whose version differs from the one held."""
        changed = {name for name, version in self.versions.items() if held.get(name) != version}
        lists = {name: rows for name, rows in self.lists.items() if name in changed}
        rest = Reference.model_validate({"version": self.name, **lists})
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
        change, now = at
        try:
            found = self._cached.get((phone.grid, phone.community))
            right = found is not None and found.is_right(change, now)
            edition = found.edition if found and right else self._read(tx, phone, change, now)
            if held in (edition.name, edition.versions.get("places")):
                return None, None
            return edition.changes_since(self._versions_of(tx, held))
        except Exception as error:
            log.error("a reply goes without lists: %s", private_traceback(error))
            return None, None

    def _read(self, tx: Tx, phone: Phone, change: int, now: datetime) -> Edition:
        grid, community = phone.grid, phone.community
        readers: dict[str, Callable[[], tuple[Value, ...]]] = {
            "plans": lambda: reference.plans_for(tx, grid, community),
            "tasks": lambda: reference.tasks_for(tx, grid, community),
            "notices": lambda: reference.notices_for(tx, grid, community),
            "leads": lambda: reference.record_counts_for(tx, grid),
            "institutions": lambda: self._institutions_at(tx, change),
        }
        here = _attempt(tx, "places", lambda: places.for_phone(tx, grid))
        read = {name: _attempt(tx, name, reader) for name, reader in readers.items()}
        lists = {name: rows for name, rows in read.items() if rows is not None}
        edition = Edition.of(here, lists)
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


def _attempt(tx: Tx, name: str, read: Callable[[], T]) -> T | None:
    """What `read` returns; None, and a line in the log, if the list cannot be read."""
    try:
        with tx.savepoint():
            return read()
    except Exception as error:
        log.error("the list %s cannot be read: %s", name, private_traceback(error))
        return None
