"""The unit of work of a batch: reads the records once, collects changes, writes them at the end.

Many arrivals share a handful of statements that way, and each sees the changes of those before it.
Nothing is written before `write`; after an error the unit is thrown away.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from contract import wire
from contract.protocol import ArrivalKind
from contract.report import Withdrawal
from contract.value import EARLIEST
from sync_server.casework.case_rules import AT_ONCE
from sync_server.casework.following import part_strays
from sync_server.casework.steps import make_step
from sync_server.domain.case_events import STAYS
from sync_server.domain.gazetteer import Gazetteer
from sync_server.domain.roles import Role
from sync_server.domain.site_key import SiteKey
from sync_server.sites.gazetteer import gazetteer
from sync_server.sites.linking import link
from sync_server.store import arrivals, case_events, places, records
from sync_server.store.case_events import CaseStep
from sync_server.store.engine import Tx

Columns = dict[str, Any]


class UnitOfWork:
    """The records with these ids, changes included. The caller has claimed the ids.

    `known_arrivals` are the rows of what arrived under these ids, by device and digest;
    `compound_names` the bureau's own names of those of the `compounds` that it has, by code.
    """

    def __init__(self, tx: Tx, ids: Collection[str], compounds: Iterable[str] = ()) -> None:
        self.tx = tx
        self.compound_names = places.compound_names(tx, compounds)
        rows = [row._asdict() for row in arrivals.by_id(tx, ids)]
        self.known_arrivals = {(row["device"], row["digest"]): row for row in rows}
        self._records = dict(records.current(tx, ids))
        self._revised = frozenset(self._records)
        self._site_keys: dict[str, SiteKey | None] = {}
        self._added: dict[str, Columns] = {}
        self._altered: dict[str, Columns] = {}
        self._photos: dict[str, Sequence[str]] = {}
        self._unshown: set[tuple[str, str]] = set()
        self._steps: list[CaseStep] = []
        self._told: list[CaseStep] = []
        self._withdrawals = self._early_withdrawals()

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """All the bureau's compounds, to resolve texts by. Most calls bring no report."""
        return gazetteer(self.tx)

    def record(self, id: str) -> Mapping[str, Any] | None:
        """id, author, state, revision, digest, rivals, withdrawn_at; None if there is none."""
        return self._records.get(id)

    def add(self, id: str, columns: Columns) -> None:
        """Adds a record, with all its columns."""
        self._added[id] = self._records[id] = {"id": id, **columns}

    def alter(self, id: str, columns: Columns) -> None:
        """Changes some columns of a record."""
        self._records[id] |= columns
        if id not in self._added:
            self._altered[id] = self._altered.get(id, {}) | columns

    def locate(self, id: str, key: SiteKey | None) -> None:
        """The key of the site that a record is of; None for one that is no lead."""
        self._site_keys[id] = key

    def name_photos(self, id: str, digests: Sequence[str], is_shown: bool) -> None:
        """The photos of a revision. Those of one that the record does not show, or no longer, are
        remembered as well: nobody may collect them."""
        unshown = self._photos.get(id, ()) if is_shown else digests
        self._unshown |= {(id, digest) for digest in unshown}
        if is_shown:
            self._photos[id] = digests

    def was_objected_to(self, id: str) -> bool:
        """Whether the worker has objected to what came of this report."""
        kind = ArrivalKind.OBJECTION.value
        return any((a["kind"], a["id"]) == (kind, id) for a in self.known_arrivals.values())

    def add_step(self, step: CaseStep, *, is_told: bool = False) -> None:
        """Adds a step to a record's case and moves the record to its state. `is_told`: its worker
        is answered."""
        (self._told if is_told else self._steps).append(step)
        self.alter(step.record, {"state": step.after, "changed_at": step.at})

    def note_withdrawal(self, id: str, author: str, at: datetime) -> None:
        """Remembers a withdrawal; its report may not have arrived yet."""
        self._withdrawals.setdefault((id, author), []).append(at)

    def withdrawn_at(self, id: str, author: str) -> datetime | None:
        """When this author first withdrew the report; another author's withdrawal does not
        count."""
        return min(self._withdrawals.get((id, author), ()), default=None)

    def write(self, now: datetime) -> None:
        """Writes all changes."""
        records.add(self.tx, self._added.values())
        for id, columns in self._altered.items():
            records.alter(self.tx, id, columns)
        records.set_photos(self.tx, self._photos, self._photos.keys() - self._added.keys())
        records.keep_unshown_photos(self.tx, self._unshown)
        link(self.tx, self._site_keys, self._revised & self._site_keys.keys(), now)
        for step in self._steps:
            case_events.add(self.tx, step)
        for step in self._told:
            if row := records.one(self.tx, step.record):
                make_step(self.tx, row, step, AT_ONCE)
        self._part_strays(now)

    def _part_strays(self, now: datetime) -> None:
        """Those of the revised records that followed another one and are now of another place."""
        moved = self._revised & self._site_keys.keys()
        by_author = defaultdict[str, list[str]](list)
        for id in moved:
            if self._records[id]["state"] in STAYS:
                by_author[self._records[id]["author"]].append(id)
        for author, ids in by_author.items():
            part_strays(self.tx, ids, (author, Role.GRID.value), now, AT_ONCE)

    def _early_withdrawals(self) -> dict[tuple[str, str], list[datetime]]:
        """The withdrawals that arrived before their report, by id and author. Those of a record
        that exists are in its own row."""
        kind = ArrivalKind.WITHDRAWAL.value
        early = {row["id"] for row in self.known_arrivals.values() if row["kind"] == kind}
        found: dict[tuple[str, str], list[datetime]] = {}
        for raw in arrivals.raw_withdrawals(self.tx, early - self._records.keys()):
            body = wire.parse_json(raw)["body"]
            try:
                one = wire.validate(Withdrawal, body)
            except wire.Unreadable:  # received before times had bounds: withdrawn all the same
                one = wire.validate(Withdrawal, {**body, "at": EARLIEST})
            found.setdefault((str(one.id), one.author), []).append(one.at)
        return found
