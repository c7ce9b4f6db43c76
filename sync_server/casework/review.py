"""A person decides about a record, which its worker will read; and views are noted for the
audit."""

from datetime import datetime

from contract.cases import CaseState
from contract.codelists import built_in
from sync_server.casework.case_rules import AT_ONCE, CaseSettings, opened
from sync_server.casework.following import check_leader, claim_case, lead
from sync_server.casework.steps import make_step
from sync_server.domain.case_events import StepKind
from sync_server.domain.cases import DUPLICATE, Word, rule
from sync_server.domain.decisions import Decision, flaw
from sync_server.domain.roles import Permission, Role, Staff, permissions
from sync_server.problems import (
    BadDecision,
    NotAllowed,
    NotFound,
    RevisionChanged,
    StateChanged,
)
from sync_server.store import audit_log, case_events, counters, records
from sync_server.store import staff as people
from sync_server.store.audit_log import AuditEntry
from sync_server.store.case_events import CaseStep
from sync_server.store.engine import DatabaseRow, Store, Tx

VERIFIERS = (Role.CASE_OFFICER, Role.COMMUNITY, Role.SUPERVISOR)  # whom a place is assigned to


def decide(  # noqa: PLR0913 – who decides what of which record, when, by which settings
    store: Store,
    staff: Staff,
    record: str,
    decision: Decision,
    now: datetime,
    settings: CaseSettings = AT_ONCE,
) -> None:
    """Makes a step of a record's case and answers its author, in one transaction.

    Raises StateChanged or RevisionChanged if the record is no longer what the person was looking
    at; NotFound for an unknown record, NotAllowed for a role that handles no cases, and BadDecision
    if the decision itself cannot be made.
    """
    if Permission.HANDLE_CASES not in permissions(staff.role):
        raise NotAllowed
    with store.writing() as tx:
        claimed = claim_case(tx, record, decision.same_as)
        row = looked_at(tx, record, decision)
        case = opened(tx, row, now, settings.levels)
        if found := flaw(staff, case.standing, decision, built_in()):
            raise BadDecision(found.code, found.spans)
        _check_names(tx, row, decision)
        step = _step(tx, row, decision, staff, now)
        make_step(tx, row, step, settings)
        lead(tx, row, step, claimed, settings)
        what = decision.to if decision.kind is StepKind.MOVE else decision.kind.value
        reason = ": ".join(filter(None, (step.reason, *(step.said or {}).values())))
        audit_log.note(tx, AuditEntry(now, staff.staff, f"decide_{what}", record, reason))


def looked_at(tx: Tx, record: str, decision: Decision) -> DatabaseRow:
    """The record, claimed, if it still is what a person decided about. Raises NotFound,
    StateChanged, RevisionChanged."""
    tx.claim(f"record/{record}")
    row = records.one(tx, record)
    if row is None:
        raise NotFound
    if row.state != decision.seen_state or row.withdrawn_at:
        raise StateChanged
    if row.revision != decision.seen_revision or decision.seen_digest not in ("", row.digest):
        raise RevisionChanged  # a rival has the same revision but another digest
    last = case_events.last_number(tx, record) or 0
    if decision.seen_step is not None and decision.seen_step != last:
        raise StateChanged
    return row


def _check_names(tx: Tx, row: DatabaseRow, decision: Decision) -> None:
    """What only the database can tell of a decision."""
    if decision.same_as:
        check_leader(tx, row, decision.same_as, decision.to)
    if decision.assignee:
        post = people.one(tx, decision.assignee)
        if post is None or post.disabled_at is not None or post.role not in VERIFIERS:
            raise BadDecision("assignee_unknown")
        if post.role == Role.COMMUNITY and post.community != row.community:
            raise BadDecision("assignee_elsewhere")


def _step(tx: Tx, row: DatabaseRow, decision: Decision, staff: Staff, now: datetime) -> CaseStep:
    found = rule(decision.kind, row.state, decision.to)
    words = found.words if found else frozenset()
    reason = decision.reason if Word.REASON in words else None
    same_as = decision.same_as if reason == DUPLICATE or Word.SAME_AS in words else None
    said = {word.value: text for word, text in _said(decision).items() if word in words and text}
    if Word.DEPARTMENT in words:
        said["number"] = counters.next_of_year(tx, "handover", now)
    moved, by = (row.id, row.state, decision.to), (staff.staff, staff.role.value, now)
    comment = decision.comment.strip()
    return CaseStep(*moved, *by, reason, comment, same_as, decision.kind.value, said or None)


def _said(decision: Decision) -> dict[Word, str]:
    """What is kept of a decision beside its reason and its comment."""
    return {
        Word.ASSIGNEE: decision.assignee,
        Word.DEPARTMENT: decision.department,
        Word.RECEIPT: decision.receipt.strip(),
        Word.CHECKS: ",".join(f"{code}={answer}" for code, answer in decision.checks),
    }


def note_view(store: Store, staff: Staff, record: str, what: str, now: datetime) -> None:
    """Adds to the audit log that a member of staff viewed something (rule L11); `what` is
    `view_record`, `view_photo` or the like."""
    with store.writing() as tx:
        audit_log.note(tx, AuditEntry(now, staff.staff, what, record))


def note_opened(store: Store, staff: Staff, record: str, now: datetime) -> None:
    """Adds to the audit log that a member of staff opened a record. Its page is drawn again after
    each step on it: what comes within a minute is counted."""
    with store.writing() as tx:
        audit_log.note_often(tx, AuditEntry(now, staff.staff, "view_record", record), record)


def note_photos_seen(store: Store, staff: Staff, record: str, now: datetime) -> None:
    """Adds to the audit log that a member of staff saw the photos of a record: what one person sees
    of one record within ten minutes is one row. To be called before a picture is shown."""
    entry = AuditEntry(now, staff.staff, "view_photos", record)
    with store.reading() as tx:
        if audit_log.is_noted(tx, entry, record):
            return
    with store.writing() as tx:
        audit_log.note_often(tx, entry, record)


def note_refused(store: Store, staff: Staff, what: str, now: datetime) -> None:
    """Adds to the audit log that a member of staff asked for what their role may not."""
    with store.writing() as tx:
        audit_log.note_often(tx, AuditEntry(now, staff.staff, "refused", what))


def step_of_revision(record: str, state: str, author: str, now: datetime) -> CaseStep | None:
    """The step that a new revision adds to its record's case: an open question is answered by it,
    and a case that was decided on shows people that there is something new. None while nobody has
    decided anything."""
    if state == CaseState.REPORTED:
        return None
    after = CaseState.REPORTED if state == CaseState.RETURNED else state
    return CaseStep(record, state, after, author, Role.GRID, now)
