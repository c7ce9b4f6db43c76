"""The day's page at the counter: what one transaction read of the records, and writes at its end.

Many arrivals share a handful of statements that way, and each still sees what the one before it
did. Nothing is written before `close`; an error on the way leaves the page torn out.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from contract import wire
from contract.protocol import ArrivalKind
from contract.report import Withdrawal
from sync_server.store import arrivals, case_events, records
from sync_server.store.case_events import CaseStep
from sync_server.store.engine import Tx

Columns = dict[str, Any]


class UnitOfWork:
    """Records by id as they stand now; the caller has claimed these ids."""

    def __init__(self, tx: Tx, ids: Collection[str]) -> None:
        self.tx = tx
        self.entered = {(row.device, row.digest): row._asdict() for row in arrivals.by_id(tx, ids)}
        self._standing = dict(records.current(tx, ids))
        self._added: dict[str, Columns] = {}
        self._altered: dict[str, Columns] = {}
        self._hung: dict[str, tuple[str, ...]] = {}
        self._steps: list[CaseStep] = []
        self._taken_back = self._withdrawals()

    def record(self, id: str) -> Mapping[str, Any] | None:
        """id, author, state, revision, digest, rivals, withdrawn_at; None when there is none."""
        return self._standing.get(id)

    def add(self, id: str, columns: Columns) -> None:
        """A record's first row, all columns of it."""
        self._added[id] = self._standing[id] = {"id": id, **columns}

    def alter(self, id: str, columns: Columns) -> None:
        """Some columns of a record anew."""
        self._standing[id] |= columns
        if id not in self._added:
            self._altered[id] = self._altered.get(id, {}) | columns

    def attach_photos(self, id: str, pictures: Iterable[str]) -> None:
        """The photos of the revision that is shown now."""
        self._hung[id] = tuple(pictures)

    def step(self, step: CaseStep) -> None:
        """A step of a record's case."""
        self._steps.append(step)
        self.alter(step.record, {"state": step.after, "changed_at": step.at})

    def note_withdrawal(self, id: str, author: str, at: datetime) -> None:
        """A withdrawal came, for a record that is here or for one that is still on its way."""
        self._taken_back.setdefault((id, author), []).append(at)

    def withdrawn_at(self, id: str, author: str) -> datetime | None:
        """When this author took the report back first; another's withdrawal does not count."""
        return min(self._taken_back.get((id, author), ()), default=None)

    def write(self) -> None:
        """Writes the page."""
        records.add(self.tx, self._added.values())
        for id, columns in self._altered.items():
            records.alter(self.tx, id, columns)
        records.set_photos(self.tx, self._hung, self._hung.keys() - self._added.keys())
        for step in self._steps:
            case_events.add(self.tx, step)

    def _withdrawals(self) -> dict[tuple[str, str], list[datetime]]:
        """Those that came before their report: of a record that is here its row tells."""
        kind = ArrivalKind.WITHDRAWAL.value
        early = {row["id"] for row in self.entered.values() if row["kind"] == kind}
        found: dict[tuple[str, str], list[datetime]] = {}
        for raw in arrivals.raw_withdrawals(self.tx, early - self._standing.keys()):
            one = wire.validate(Withdrawal, wire.parse_json(raw)["body"])
            found.setdefault((str(one.id), one.author), []).append(one.at)
        return found
