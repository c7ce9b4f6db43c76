"""The bureau's places and lists as phones are sent them, cached for each grid until they change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contract import wire
from contract.reference import Places, Reference
from contract.value import Value
from sync_server.accounts.phones import Phone
from sync_server.store import places, reference
from sync_server.store.engine import Tx

VERSION_DIGITS = 16  # hexadecimal digits of a digest
MOST_EDITIONS = 10_000  # whose versions of lists are cached


@dataclass(frozen=True, slots=True)
class Edition:
    """All lists that one grid is sent, the name of the whole, and the version of each list."""

    name: str
    places: Places
    lists: Mapping[str, tuple[Value, ...]]
    versions: Mapping[str, str]

    @classmethod
    def of(cls, places: Places, lists: Mapping[str, tuple[Value, ...]]) -> "Edition":
        """Names the edition by the digest of its versions, and each version by that of its list."""
        versions = {
            name: wire.digest([wire.to_json(one) for one in rows])[:VERSION_DIGITS]
            for name, rows in lists.items()
        }
        versions = {"places": places.version, **versions}
        name = wire.digest(versions)[:VERSION_DIGITS]
        return cls(name, places.changed(edition=name), lists, versions)

    def changes_since(self, held: Mapping[str, str]) -> tuple[Places | None, Reference]:
        """The lists whose version differs from the one held."""
        changed = {name for name, version in self.versions.items() if held.get(name) != version}
        lists = {name: rows for name, rows in self.lists.items() if name in changed}
        rest = Reference.model_validate({"version": self.name, **lists})
        return (self.places if "places" in changed else None), rest


class ReferenceData:
    """Caches editions in the memory of this process. Every change of the places or lists counts up
    a number in the database (`current_change`), which tells whether the cache is still right."""

    def __init__(self) -> None:
        self._cached: dict[tuple[str | None, str | None], tuple[int, Edition]] = {}
        self._institutions: tuple[int, tuple[Value, ...]] = (-1, ())
        self._versions: dict[str, Mapping[str, str]] = {}

    def current_change(self, tx: Tx) -> int:
        """The number of the last change."""
        return places.stamp(tx)

    def changes_for(
        self, tx: Tx, phone: Phone, held: str, at: tuple[int, datetime]
    ) -> tuple[Places | None, Reference | None]:
        """What this phone lacks that holds the edition `held`; a phone that knows of no editions
        names the version of its places instead. `at` is the current change and the time."""
        change, now = at
        found = self._cached.get((phone.grid, phone.community))
        edition = found[1] if found and found[0] == change else self._read(tx, phone, change, now)
        if held in (edition.name, edition.places.version):
            return None, None
        return edition.changes_since(self._versions_of(tx, held))

    def _read(self, tx: Tx, phone: Phone, change: int, now: datetime) -> Edition:
        grid, community = phone.grid, phone.community
        if self._institutions[0] != change:
            self._institutions = (change, reference.institutions_of_bureau(tx))
        lists = reference.for_post(tx, grid, community) | {"institutions": self._institutions[1]}
        edition = Edition.of(places.for_phone(tx, grid), lists)
        reference.keep_edition(tx, edition.name, edition.versions, now)
        self._cached[grid, community] = (change, edition)
        return edition

    def _versions_of(self, tx: Tx, edition: str) -> Mapping[str, str]:
        if not edition:
            return {}
        if len(self._versions) >= MOST_EDITIONS:
            self._versions.clear()
        found = self._versions.get(edition) or reference.parts(tx, edition)
        if found:
            self._versions[edition] = found
        return found
