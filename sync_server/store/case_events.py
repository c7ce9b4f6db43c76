"""The steps of cases, one case for each record; they are only ever added, and all steps of the
bureau are linked by their hashes (rule L11)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, func, insert, select

from contract import wire
from sync_server.domain.case_events import CaseEvent, StepKind
from sync_server.store.chain import GENESIS, Chain
from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import ReadRow, UnreadableRow, readable_rows
from sync_server.store.schema import case_events

__all__ = ["GENESIS", "CaseStep", "add", "events", "events_of_each", "last_number", "of_record"]


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step of a case: the record's id, the states before and after, the duty post that made it
    and its role, which is what the worker is told. `said` belongs to the `kind` of step: see
    domain/case_events.py."""

    record: str
    before: str
    after: str
    staff: str
    role: str
    at: datetime
    reason: str | None = None
    comment: str = ""
    same_as: str | None = None  # the number of the record that this one repeats, or follows
    kind: str = StepKind.MOVE
    said: Mapping[str, str] | None = None

    @classmethod
    def of(cls, row: Any) -> "CaseStep":
        """What a row of the table says."""
        who = (row.staff, row.role, row.at)
        step = cls(row.id, row.before, row.after, *who, row.reason, row.comment)
        later = {name: getattr(row, name, default) for name, default in _LATER.items()}
        return replace(step, **later)

    def link(self, before: str, seq: int, n: int) -> str:
        """The hash of this step as step `n` of its record and `seq` of the bureau: over the hash of
        the step `before` it and all it says."""
        said = asdict(self) | {"at": self.at.astimezone(UTC).isoformat()}
        for name, default in _LATER.items():  # as steps were hashed before there was such a column
            if said[name] == default:
                del said[name]
        return wire.digest([before, seq, n, said])


# Columns that came later, with what stands for a step from before.
_LATER: dict[str, Any] = {"same_as": None, "kind": StepKind.MOVE.value, "said": None}

CHAIN = Chain(
    case_events,
    case_events.c.seq,
    case_events.c.prev,
    lambda row: CaseStep.of(row).link(row.prev, row.seq, row.n),
)


def add(tx: Tx, step: CaseStep) -> int:
    """Appends a step, linked to the last one of the bureau; the caller has claimed the record.
    Returns its number among all steps of the bureau."""
    n = (last_number(tx, step.record) or 0) + 1
    seq, before = CHAIN.next(tx)
    said = asdict(step)
    row = {"bureau": tx.bureau, "id": said.pop("record"), "n": n}
    link = {"seq": seq, "prev": before, "hash": step.link(before, seq, n)}
    tx.run(insert(case_events).values(row | said | link))
    return seq


def of_record(tx: Tx, record: str) -> Sequence[ReadRow]:
    """All steps of one record's case, in order; `n` of one that cannot be read."""
    here = and_(case_events.c.bureau == tx.bureau, case_events.c.id == record)
    wanted = select(case_events).where(here).order_by(case_events.c.n)
    return readable_rows(tx, wanted, (case_events.c.n,))


def last_number(tx: Tx, record: str) -> int | None:
    """The number of the last step of one record's case; None if there is none."""
    here = and_(case_events.c.bureau == tx.bureau, case_events.c.id == record)
    last: int | None = tx.run(select(func.max(case_events.c.n)).where(here)).scalar_one()
    return last


def events(steps: Sequence[ReadRow]) -> list[CaseEvent]:
    """What the steps of one case say to the rules, in order; those that cannot be read are left
    out."""
    return [_event(row) for row in steps if not isinstance(row, UnreadableRow)]


def events_of_each(tx: Tx, ids: Collection[str]) -> dict[str, list[CaseEvent]]:
    """The same for several records, by id; a record without steps is left out."""
    here = and_(case_events.c.bureau == tx.bureau, case_events.c.id.in_(ids))
    wanted = select(case_events).where(here).order_by(case_events.c.id, case_events.c.n)
    found: dict[str, list[CaseEvent]] = {}
    key = (case_events.c.id, case_events.c.n)
    for row in readable_rows(tx, wanted, key) if ids else ():
        if not isinstance(row, UnreadableRow):
            found.setdefault(row.id, []).append(_event(row))
    return found


def _event(row: DatabaseRow) -> CaseEvent:
    said = row.said if isinstance(row.said, dict) else {}
    how = (row.kind, row.role, row.reason, said, row.same_as)
    return CaseEvent(row.at, row.before, row.after, *how)
