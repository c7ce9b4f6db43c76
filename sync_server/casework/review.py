"""A person decides about a record, which its worker will read; and views are noted for the
audit."""

from datetime import datetime

from contract.cases import CaseState
from contract.codelists import built_in
from sync_server.domain import cases
from sync_server.domain.cases import Decision
from sync_server.domain.roles import Permission, Role, Staff, permissions
from sync_server.problems import (
    BadDecision,
    NotAllowed,
    NotFound,
    RevisionChanged,
    StateChanged,
)
from sync_server.store import answers, audit_log, case_events, records
from sync_server.store.audit_log import AuditEntry
from sync_server.store.case_events import CaseStep
from sync_server.store.engine import DatabaseRow, Store, Tx


def decide(store: Store, staff: Staff, record: str, decision: Decision, now: datetime) -> None:
    """Moves a record's case and answers its author, in one transaction.

    Raises StateChanged or RevisionChanged if the record is no longer what the person was looking
    at; NotFound for an unknown record, NotAllowed for a role that does not decide, and BadDecision
    if the decision itself cannot be made.
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
            raise RevisionChanged  # a rival has the same revision but another digest
        if flaw := cases.flaw(staff.role, row.state, decision, reasons):
            raise BadDecision(flaw.code, flaw.spans)
        apply_decision(tx, row, decision, staff, now)
        entry = AuditEntry(now, staff.staff, f"decide_{decision.to}", record, decision.reason or "")
        audit_log.note(tx, entry)


def apply_decision(
    tx: Tx, row: DatabaseRow, decision: Decision, staff: Staff, now: datetime
) -> None:
    """Writes the step and the answer to the worker; the caller has checked the decision and claimed
    the record."""
    reason = decision.reason if decision.to in cases.NEEDS_REASON else None
    comment = decision.comment.strip()
    case_events.add(
        tx,
        CaseStep(row.id, row.state, decision.to, staff.staff, staff.role, now, reason, comment),
    )
    records.alter(tx, row.id, {"state": decision.to, "changed_at": now})
    answers.add(
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
    """Adds to the audit log that a member of staff viewed something (rule L11); `what` is
    `view_record`, `view_photo` or the like."""
    with store.writing() as tx:
        audit_log.note(tx, AuditEntry(now, staff.staff, what, record))


def step_of_revision(record: str, state: str, author: str, now: datetime) -> CaseStep | None:
    """The step that a new revision adds to its record's case: an open question is answered by it,
    and a case that was decided on shows people that there is something new. None while nobody has
    decided anything."""
    if state == CaseState.REPORTED:
        return None
    after = CaseState.REPORTED if state == CaseState.RETURNED else state
    return CaseStep(record, state, after, author, Role.GRID, now)
