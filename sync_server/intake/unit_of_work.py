"""The unit of work of a batch: reads the records once, collects changes, writes them at the end.

Many arrivals share a handful of statements that way, and each sees the changes of those before it.
Nothing is written before `write`; after an error the unit is thrown away.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from contract import wire
from contract.protocol import ArrivalKind
from contract.report import Withdrawal
from contract.value import EARLIEST
from sync_server.store import arrivals, case_events, records
from sync_server.store.case_events import CaseStep
from sync_server.store.engine import Tx

Columns = dict[str, Any]


class UnitOfWork:
    """The records with these ids, changes included. The caller has claimed the ids.

    `known_arrivals` are the rows of what arrived under these ids, by device and digest.
    """

    def __init__(self, tx: Tx, ids: Collection[str]) -> None:
        self.tx = tx
        rows = [row._asdict() for row in arrivals.by_id(tx, ids)]
        self.known_arrivals = {(row["device"], row["digest"]): row for row in rows}
        self._records = dict(records.current(tx, ids))
        self._added: dict[str, Columns] = {}
        self._altered: dict[str, Columns] = {}
        self._photos: dict[str, tuple[str, ...]] = {}
        self._steps: list[CaseStep] = []
        self._withdrawals = self._early_withdrawals()

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

    def attach_photos(self, id: str, digests: Iterable[str]) -> None:
        """Sets the photos of a record: those of the revision that it shows."""
        self._photos[id] = tuple(digests)

    def add_step(self, step: CaseStep) -> None:
        """Adds a step to a record's case and moves the record to its state."""
        self._steps.append(step)
        self.alter(step.record, {"state": step.after, "changed_at": step.at})

    def note_withdrawal(self, id: str, author: str, at: datetime) -> None:
        """Remembers a withdrawal; its report may not have arrived yet."""
        self._withdrawals.setdefault((id, author), []).append(at)

    def withdrawn_at(self, id: str, author: str) -> datetime | None:
        """When this author first withdrew the report; another author's withdrawal does not
        count."""
        return min(self._withdrawals.get((id, author), ()), default=None)

    def write(self) -> None:
        """Writes all changes."""
        records.add(self.tx, self._added.values())
        for id, columns in self._altered.items():
            records.alter(self.tx, id, columns)
        records.set_photos(self.tx, self._photos, self._photos.keys() - self._added.keys())
        for step in self._steps:
            case_events.add(self.tx, step)

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
