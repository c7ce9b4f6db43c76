"""A lead is handed over to another office: what was made for it is written down."""

from datetime import datetime
from hashlib import sha256

from contract.cases import CaseState
from sync_server.domain.roles import Staff
from sync_server.store import audit_log, inbox
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import DatabaseRow, Store

TOO_EARLY = frozenset({CaseState.REPORTED, CaseState.RETURNED, CaseState.REJECTED})
NOT_HANDED_OVER = TOO_EARLY | {CaseState.MERGED, CaseState.PURGED}


def has_form(row: DatabaseRow) -> bool:
    """Whether a record is one that can be handed over: accepted, and not taken back."""
    is_open = row.withdrawn_at is None and row.state not in NOT_HANDED_OVER
    return is_open and row.kind not in inbox.NO_DECISION


def note_handover_form(
    store: Store, staff: Staff, made: tuple[str, str, bytes], now: datetime
) -> None:
    """Adds to the audit log who was given a hand-over form (rule L11). `made`: the record's id, the
    number of the form, and its bytes, whose digest tells later whether a sheet is this one."""
    record, number, pdf = made
    said = f"{number} SHA-256 {sha256(pdf).hexdigest()}"
    with store.writing() as tx:
        audit_log.note(tx, AuditEntry(now, staff.staff, "handover_form", record, said))
