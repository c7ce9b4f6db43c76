"""The audit log (rule L11): rows are only ever added, each linked to the one before by its hash."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import insert, select

from sync_server.store.engine import Tx
from sync_server.store.readable import ReadRow, readable_rows
from sync_server.store.schema import audit

GENESIS = "0" * 64  # what the first row is linked to


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What one row of the audit log says: who did what to which, when and why."""

    at: datetime
    staff: str
    what: str
    subject: str = ""
    reason: str = ""

    def link(self, before: str, n: int) -> str:
        """The hash of this row as number `n`: over the hash of the row before and all it says."""
        at = self.at.astimezone(UTC).isoformat()
        content = (before, str(n), at, self.staff, self.what, self.subject, self.reason)
        return sha256("\x1f".join(content).encode()).hexdigest()


def note(tx: Tx, entry: AuditEntry) -> None:
    """Appends a row, linked to the last one. The claim keeps two transactions from taking the same
    number."""
    tx.claim("audit")
    last = select(audit.c.n, audit.c.hash).where(audit.c.bureau == tx.bureau)
    head = tx.run(last.order_by(audit.c.n.desc()).limit(1)).one_or_none()
    n, before = (head.n + 1, head.hash) if head else (1, GENESIS)
    row = {"bureau": tx.bureau, "n": n, "before": before, "hash": entry.link(before, n)}
    tx.run(insert(audit).values(row | asdict(entry)))


def page(tx: Tx, before: int | None, size: int) -> Sequence[ReadRow]:
    """The newest `size` rows older than number `before` (of all if None), newest first; `n` of one
    that cannot be read."""
    wanted = select(audit).where(audit.c.bureau == tx.bureau).order_by(audit.c.n.desc())
    if before is not None:
        wanted = wanted.where(audit.c.n < before)
    return readable_rows(tx, wanted.limit(size), (audit.c.n,))


def broken_at(tx: Tx) -> int | None:
    """The number of the first row that does not follow from the one before; None if all do."""
    before, due = GENESIS, 1
    for row in tx.run(select(audit).where(audit.c.bureau == tx.bureau).order_by(audit.c.n)):
        entry = AuditEntry(row.at, row.staff, row.what, row.subject, row.reason)
        if (row.n, row.before, row.hash) != (due, before, entry.link(before, due)):
            return int(row.n)
        before, due = row.hash, due + 1
    return None
