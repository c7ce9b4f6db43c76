"""A person looks at a record and decides; the worker will read it."""

from datetime import datetime

from contract.codelists import built_in
from sync_server.domain import cases
from sync_server.domain.cases import Decision
from sync_server.domain.roles import Permission, Role, Staff, permissions
from sync_server.problems import NotAllowed, NotFound, RevisionChanged, StateChanged
from sync_server.store import case_events, records
from sync_server.store.case_events import AuditEntry, CaseStep
from sync_server.store.engine import Store, Tx


def decide(store: Store, staff: Staff, record: str, decision: Decision, now: datetime) -> None:
    """Moves a record's case and tells its author, in one transaction.

    Raises StateChanged or RevisionChanged when the record is not what the person was looking at
    any more; NotFound, NotAllowed or BadDecision otherwise.
    """
    if Permission.DECIDE not in permissions(staff.role):
        raise NotAllowed
    reasons = frozenset(built_in().offered("reject_reason"))
    with store.writing() as tx:
        tx.claim(f"record/{record}")
        row = records.one(tx, record)
        if row is None:
            raise NotFound
        if row.state != decision.seen_state or row.withdrawn_at:
            raise StateChanged
        if row.revision != decision.seen_revision or decision.seen_digest not in ("", row.digest):
            raise RevisionChanged  # a rival under the same number is another content, too
        cases.check(staff.role, row.state, decision, reasons)
        apply_decision(tx, row, decision, staff, now)
        noted = AuditEntry(now, staff.staff, f"decide_{decision.to}", record, decision.reason or "")
        case_events.note(tx, noted)


def apply_decision(
    tx: Tx, row: records.Record, decision: Decision, staff: Staff, now: datetime
) -> None:
    """Writes the step and the answer for the worker; the caller has checked and claimed."""
    reason = decision.reason if decision.to in cases.NEEDS_REASON else None
    comment = decision.comment.strip()
    case_events.step(
        tx,
        CaseStep(row.id, row.state, decision.to, staff.staff, staff.role, now, reason, comment),
    )
    records.alter(tx, row.id, {"state": decision.to, "changed_at": now})
    case_events.answer(
        tx,
        row.author,
        report=row.id,
        at=now,
        state=decision.to,
        reason=reason,
        comment=comment,
        by=staff.role.value,
        place=row.place[:100],
        number=row.number,
    )


def note_view(store: Store, staff: Staff, record: str, what: str, now: datetime) -> None:
    """Writes down that somebody looked (rule L11): `view_record`, `view_photo` and the like."""
    with store.writing() as tx:
        case_events.note(tx, AuditEntry(now, staff.staff, what, record))


def step_of_revision(record: str, state: str, author: str, now: datetime) -> CaseStep | None:
    """The step that a new revision makes: it answers a question, and after acceptance people have
    to see it."""
    if state == cases.REPORTED:
        return None
    after = cases.REPORTED if state == cases.QUESTION else state
    return CaseStep(record, state, after, author, Role.GRID, now)
