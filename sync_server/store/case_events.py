"""What people decided, what goes home about it, and the audit log, which is only ever added to."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, and_, func, insert, select, update

from sync_server.store.engine import Tx
from sync_server.store.schema import answers, audit, case_events, staff

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step of a case; `staff` is a duty post, `role` what the worker is told."""

    record: str
    before: str
    after: str
    staff: str
    role: str
    at: datetime
    reason: str | None = None
    comment: str = ""


def step(tx: Tx, done: CaseStep) -> None:
    """Appends a step; the caller has claimed the record."""
    here = and_(case_events.c.bureau == tx.bureau, case_events.c.id == done.record)
    n = tx.run(select(func.coalesce(func.max(case_events.c.n), 0)).where(here)).scalar_one() + 1
    row = {
        "bureau": tx.bureau,
        "id": done.record,
        "n": n,
        "before": done.before,
        "after": done.after,
        "reason": done.reason,
        "comment": done.comment,
        "staff": done.staff,
        "role": done.role,
        "at": done.at,
    }
    tx.run(insert(case_events).values(row))


def steps(tx: Tx, record: str) -> Sequence[Row[Any]]:
    """All steps of one record's case, in order."""
    here = and_(case_events.c.bureau == tx.bureau, case_events.c.id == record)
    return tx.run(select(case_events).where(here).order_by(case_events.c.n)).all()


def answer(tx: Tx, author: str, **told: object) -> None:
    """The next answer for a duty post. Its row is held, so the numbers have no gap and appear in
    order: a phone that has read n has read all before n."""
    here = and_(staff.c.bureau == tx.bureau, staff.c.staff == author)
    counted = update(staff).where(here).values(last_answer=staff.c.last_answer + 1)
    seq = tx.run(counted.returning(staff.c.last_answer)).scalar_one()
    tx.run(insert(answers).values(bureau=tx.bureau, author=author, seq=seq, **told))


def answers_from(tx: Tx, author: str, seq: int, most: int) -> Sequence[Row[Any]]:
    """Answer `seq` of this duty post and those that follow, in order."""
    here = and_(answers.c.bureau == tx.bureau, answers.c.author == author, answers.c.seq >= seq)
    return tx.run(select(answers).where(here).order_by(answers.c.seq).limit(most)).all()


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What one row of the audit log says: who did what to which, when and why."""

    at: datetime
    staff: str
    what: str
    subject: str = ""
    reason: str = ""

    def link(self, before: str, n: int) -> str:
        """The hash of this row as number `n`: over the hash before it and all it says."""
        at = self.at.astimezone(UTC).isoformat()
        said = (before, str(n), at, self.staff, self.what, self.subject, self.reason)
        return sha256("\x1f".join(said).encode()).hexdigest()


def note(tx: Tx, noted: AuditEntry) -> None:
    """Appends to the audit log, linked to the row before (rule L11)."""
    tx.claim("audit")
    last = select(audit.c.n, audit.c.hash).where(audit.c.bureau == tx.bureau)
    head = tx.run(last.order_by(audit.c.n.desc()).limit(1)).one_or_none()
    n, before = (head.n + 1, head.hash) if head else (1, GENESIS)
    row = {"bureau": tx.bureau, "n": n, "before": before, "hash": noted.link(before, n)}
    tx.run(insert(audit).values(row | asdict(noted)))


def audit_broken_at(tx: Tx) -> int | None:
    """The number of the first audit row that does not follow from the one before; None if whole."""
    before, due = GENESIS, 1
    for row in tx.run(select(audit).where(audit.c.bureau == tx.bureau).order_by(audit.c.n)):
        noted = AuditEntry(row.at, row.staff, row.what, row.subject, row.reason)
        if (row.n, row.before, row.hash) != (due, before, noted.link(before, due)):
            return int(row.n)
        before, due = row.hash, due + 1
    return None
