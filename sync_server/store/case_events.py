"""The steps of cases, one case for each record; they are only ever added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, insert, select

from sync_server.store.engine import Tx
from sync_server.store.readable import ReadRow, readable_rows
from sync_server.store.schema import case_events


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step of a case: the record's id, the states before and after, the duty post that made it
    and its role, which is what the worker is told."""

    record: str
    before: str
    after: str
    staff: str
    role: str
    at: datetime
    reason: str | None = None
    comment: str = ""


def add(tx: Tx, step: CaseStep) -> None:
    """Appends a step; the caller has claimed the record."""
    here = and_(case_events.c.bureau == tx.bureau, case_events.c.id == step.record)
    n = tx.run(select(func.coalesce(func.max(case_events.c.n), 0)).where(here)).scalar_one() + 1
    row = {
        "bureau": tx.bureau,
        "id": step.record,
        "n": n,
        "before": step.before,
        "after": step.after,
        "reason": step.reason,
        "comment": step.comment,
        "staff": step.staff,
        "role": step.role,
        "at": step.at,
    }
    tx.run(insert(case_events).values(row))


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
