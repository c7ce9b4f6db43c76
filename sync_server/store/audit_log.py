"""The audit log (rule L11): rows are only ever added, each linked to the one before by its hash."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update

from sync_server.store.chain import GENESIS, Chain
from sync_server.store.engine import Tx
from sync_server.store.readable import ReadRow, readable_rows
from sync_server.store.schema import audit, audit_repeats

__all__ = [
    "GENESIS",
    "TECHNICIAN",
    "AuditEntry",
    "add_repeats",
    "has_repeats",
    "is_noted",
    "note",
    "note_often",
    "page",
]
SEPARATOR = "\x1f"
LONGEST_SUBJECT = 100
TECHNICIAN = "technician"  # who works at the server itself has no account there


@dataclass(frozen=True, slots=True)
class Repeats:
    """For how long after a row the same deed adds no other one, and whether it is counted."""

    within: timedelta = timedelta(minutes=1)
    counted: bool = True


USUAL = Repeats()
# The pictures of one page are asked for one by one, and again at each step on it: that is one view.
REPEATS = {"view_photos": Repeats(timedelta(minutes=10), counted=False)}


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
        return sha256(SEPARATOR.join(content).encode()).hexdigest()

    @classmethod
    def of(cls, row: Any) -> "AuditEntry":
        """What a row of the table says."""
        return cls(row.at, row.staff, row.what, row.subject, row.reason)

    def separable(self) -> "AuditEntry":
        """With no separator in a text from outside, so that two entries never hash the same bytes,
        and a subject that fits."""
        subject = self.subject.replace(SEPARATOR, " ")[:LONGEST_SUBJECT]
        return replace(self, subject=subject, reason=self.reason.replace(SEPARATOR, " "))


CHAIN = Chain(
    audit, audit.c.n, audit.c.before, lambda row: AuditEntry.of(row).link(row.before, row.n)
)


def note(tx: Tx, entry: AuditEntry) -> None:
    """Appends a row, linked to the last one. The last claim of its transaction, so that no two wait
    for each other."""
    n, before = CHAIN.next(tx)
    entry = entry.separable()
    row = {"bureau": tx.bureau, "n": n, "before": before, "hash": entry.link(before, n)}
    tx.run(insert(audit).values(row | asdict(entry)))


def note_often(tx: Tx, entry: AuditEntry, about: str = "") -> None:
    """Appends a row, unless this account did the same just before (REPEATS, else USUAL); then it is
    counted, and the count becomes a row (`add_repeats`). Only what is `about` the same is counted
    together: whoever is not known, or may choose the subject, adds two rows a minute at most."""
    tx.claim(audit.name)
    this = (entry.what, entry.staff, about)
    held = _held(tx, *this)
    if held and _is_repeat(held, entry):
        if REPEATS.get(entry.what, USUAL).counted:
            again = update(audit_repeats).where(_repeat(tx, *this))
            tx.run(again.values(count=audit_repeats.c.count + 1))
        return
    if held:
        _end_repeat(tx, held, entry.at)
    note(tx, entry)
    row = dict(zip(("what", "staff", "subject"), this, strict=True))
    row |= {"bureau": tx.bureau}
    tx.run(insert(audit_repeats).values(**row, since=entry.at, count=0))


def is_noted(tx: Tx, entry: AuditEntry, about: str = "") -> bool:
    """Whether `note_often` would add nothing and count nothing: it need not be called."""
    held = _held(tx, entry.what, entry.staff, about)
    return bool(held) and _is_repeat(held, entry) and not REPEATS.get(entry.what, USUAL).counted


def has_repeats(tx: Tx, now: datetime) -> bool:
    """Whether there is something to add."""
    return tx.run(select(audit_repeats.c.what).where(_over(tx, now)).limit(1)).first() is not None


def add_repeats(tx: Tx, now: datetime) -> None:
    """Appends a row for each count whose minute is over, `x17` for its reason, and forgets it."""
    tx.claim(audit.name)
    for held in tx.run(select(audit_repeats).where(_over(tx, now))).all():
        _end_repeat(tx, held, now)


def page(tx: Tx, before: int | None, size: int, about: str = "") -> Sequence[ReadRow]:
    """The newest `size` rows older than number `before` (of all if None), newest first; `n` of one
    that cannot be read. Of the rows with `about` in their subject alone, unless it is empty."""
    wanted = select(audit).where(audit.c.bureau == tx.bureau).order_by(audit.c.n.desc())
    if before is not None:
        wanted = wanted.where(audit.c.n < before)
    if about:
        wanted = wanted.where(audit.c.subject.contains(about, autoescape=True))
    return readable_rows(tx, wanted.limit(size), (audit.c.n,))


def _held(tx: Tx, what: str, staff: str, about: str) -> Any:
    return tx.run(select(audit_repeats).where(_repeat(tx, what, staff, about))).one_or_none()


def _is_repeat(held: Any, entry: AuditEntry) -> bool:
    return bool(timedelta() <= entry.at - held.since < REPEATS.get(entry.what, USUAL).within)


def _end_repeat(tx: Tx, held: Any, now: datetime) -> None:
    if held.count:
        note(tx, AuditEntry(now, held.staff, held.what, held.subject, f"x{held.count}"))
    tx.run(delete(audit_repeats).where(_repeat(tx, held.what, held.staff, held.subject)))


def _repeat(tx: Tx, what: str, staff: str, about: str) -> ColumnElement[bool]:
    of = audit_repeats.c
    return and_(of.bureau == tx.bureau, of.what == what, of.staff == staff, of.subject == about)


def _over(tx: Tx, now: datetime) -> ColumnElement[bool]:
    """What is held and whose time is over, or lies ahead, for the clock was set back."""
    of = audit_repeats.c
    kinds = [and_(of.what == what, _past(now, one.within)) for what, one in REPEATS.items()]
    usual = and_(of.what.not_in(REPEATS), _past(now, USUAL.within))
    return and_(of.bureau == tx.bureau, or_(usual, *kinds))


def _past(now: datetime, within: timedelta) -> ColumnElement[bool]:
    since = audit_repeats.c.since
    return or_(since <= now - within, since > now + within)
