"""The bureau's ground and its lists as phones are sent them, read once for each grid until somebody
changes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contract import wire
from contract.reference import Places, Reference
from contract.value import Value
from sync_server.accounts.phones import Phone
from sync_server.store import places, reference
from sync_server.store.engine import Tx

PART = 16  # hexadecimal digits of a digest
MOST_EDITIONS = 10_000  # whose parts are remembered here


@dataclass(frozen=True, slots=True)
class Edition:
    """All that one grid is sent, under one name, and the version of each list in it."""

    name: str
    places: Places
    lists: Mapping[str, tuple[Value, ...]]
    parts: Mapping[str, str]

    @classmethod
    def of(cls, ground: Places, lists: Mapping[str, tuple[Value, ...]]) -> "Edition":
        versions = {
            name: wire.digest([wire.to_json(one) for one in rows])[:PART]
            for name, rows in lists.items()
        }
        parts = {"places": ground.version, **versions}
        name = wire.digest(parts)[:PART]
        return cls(name, ground.changed(edition=name), lists, parts)

    def since(self, held: Mapping[str, str]) -> tuple[Places | None, Reference]:
        """What a phone lacks that holds these versions."""
        new = {name for name, version in self.parts.items() if held.get(name) != version}
        lists = {name: rows for name, rows in self.lists.items() if name in new}
        news = Reference.model_validate({"version": self.name, **lists})
        return (self.places if "places" in new else None), news


class ReferenceData:
    """In this process's memory; every change of the ground gets a new stamp in the database."""

    def __init__(self) -> None:
        self._held: dict[tuple[str | None, str | None], tuple[int, Edition]] = {}
        self._institutions: tuple[int, tuple[Value, ...]] = (-1, ())
        self._parts: dict[str, Mapping[str, str]] = {}

    def stamp(self, tx: Tx) -> int:
        """Which state of the ground the database holds."""
        return places.stamp(tx)

    def news(
        self, tx: Tx, phone: Phone, held: str, known: tuple[int, datetime]
    ) -> tuple[Places | None, Reference | None]:
        """What this phone is sent, who says that it holds this edition. One that knows of no
        editions names the version of its compounds."""
        stamp, now = known
        found = self._held.get((phone.grid, phone.community))
        edition = found[1] if found and found[0] == stamp else self._read(tx, phone, stamp, now)
        if held in (edition.name, edition.places.version):
            return None, None
        return edition.since(self._parts_of(tx, held))

    def _read(self, tx: Tx, phone: Phone, stamp: int, now: datetime) -> Edition:
        grid, community = phone.grid, phone.community
        if self._institutions[0] != stamp:
            self._institutions = (stamp, reference.institutions_of_bureau(tx))
        lists = reference.for_post(tx, grid, community) | {"institutions": self._institutions[1]}
        edition = Edition.of(places.for_phone(tx, grid), lists)
        reference.keep_edition(tx, edition.name, edition.parts, now)
        self._held[grid, community] = (stamp, edition)
        return edition

    def _parts_of(self, tx: Tx, edition: str) -> Mapping[str, str]:
        if not edition:
            return {}
        if len(self._parts) >= MOST_EDITIONS:
            self._parts.clear()
        found = self._parts.get(edition) or reference.parts(tx, edition)
        if found:
            self._parts[edition] = found
        return found
