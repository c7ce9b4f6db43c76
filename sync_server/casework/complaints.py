"""A complaint is taken in, put to a lead, answered, and its answer goes back the way it came."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contract.zone import ZONE
from sync_server.casework.same_place import key_of
from sync_server.domain.complaints import MOST_ANSWER, NewComplaint, complaint_flaws
from sync_server.domain.roles import Permission, Staff, permissions
from sync_server.domain.screened_text import text_flaw
from sync_server.problems import BadEntry, NotAllowed, NotFound, StateChanged
from sync_server.store import audit_log, complaints, records
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import DatabaseRow, Store, Tx

Seen = tuple[str, int]  # a complaint's number, and the version that somebody looked at


def take_complaint(store: Store, staff: Staff, new: NewComplaint, now: datetime) -> str:
    """The number of the complaint. Raises NotAllowed, and BadEntry for what cannot be taken."""
    _check_may(staff)
    flaws = dict(complaint_flaws(new, now.astimezone(ZONE).date()))
    if flaws:
        raise BadEntry({name: (flaw.code, flaw.spans) for name, flaw in flaws.items()})
    with store.writing() as tx:
        compound, building, key = key_of(tx, new.address)
        row = {
            "channel": new.channel,
            "reference": new.reference,
            "came": new.came,
            "address": new.address,
            "text": new.text,
            "compound": compound,
            "building": building,
            "place_key": key,
            "taken_at": now,
            "taken_by": staff.staff,
        }
        number = complaints.add(tx, row)
        audit_log.note(tx, AuditEntry(now, staff.staff, "take_complaint", number))
        return number


def put_to_lead(store: Store, staff: Staff, seen: Seen, lead: str, now: datetime) -> None:
    """The complaint goes on with the lead of this receipt number. Raises NotAllowed, NotFound,
    BadEntry if there is no such lead, and StateChanged."""
    _check_may(staff)
    with store.writing() as tx:
        _held(tx, seen)
        record = records.id_of_number(tx, lead)
        if record is None:
            raise BadEntry({"lead": ("lead_unknown", ())})
        _alter(tx, staff, seen, {"record": record}, ("put_to_lead", now, lead))


def answer_complaint(store: Store, staff: Staff, seen: Seen, answer: str, now: datetime) -> None:
    """Writes the answer, or another one in its place; it has not gone back yet. Raises as
    `put_to_lead` does, BadEntry for a text that cannot be sent."""
    _check_may(staff)
    flaw = text_flaw(answer, MOST_ANSWER, needed="answer_needed", without_rooms=True)
    if flaw:
        raise BadEntry({"answer": (flaw.code, flaw.spans)})
    said = {"answer": answer, "answered_at": now, "answered_by": staff.staff}
    with store.writing() as tx:
        _held(tx, seen)
        _alter(tx, staff, seen, said, ("answer_complaint", now, ""))


def mark_returned(store: Store, staff: Staff, seen: Seen, now: datetime) -> None:
    """The answer has gone back through the channel. Raises as `put_to_lead` does, BadEntry while
    there is no answer."""
    _check_may(staff)
    with store.writing() as tx:
        if not _held(tx, seen).answer:
            raise BadEntry({"answer": ("answer_needed", ())})
        gone = {"returned_at": now, "returned_by": staff.staff}
        _alter(tx, staff, seen, gone, ("return_complaint", now, ""))


def _check_may(staff: Staff) -> None:
    if Permission.TAKE_IN not in permissions(staff.role):
        raise NotAllowed


def _held(tx: Tx, seen: Seen) -> DatabaseRow:
    """The complaint, while its answer has not gone back. Raises NotFound or StateChanged."""
    row = complaints.one(tx, seen[0])
    if row is None:
        raise NotFound
    if row.returned_at is not None:
        raise StateChanged
    return row


def _alter(
    tx: Tx,
    staff: Staff,
    seen: Seen,
    changes: Mapping[str, Any],
    noted: tuple[str, datetime, str],
) -> None:
    if not complaints.alter(tx, *seen, changes):
        raise StateChanged
    what, now, why = noted
    audit_log.note(tx, AuditEntry(now, staff.staff, what, seen[0], why))
