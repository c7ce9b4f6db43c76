"""Takes the last step of a case back while no phone can have heard of it."""

from datetime import datetime

from contract.cases import CLOSED
from sync_server.casework.answering import is_told
from sync_server.casework.case_rules import CaseSettings, note_due
from sync_server.casework.following import claim_case
from sync_server.casework.positions import restore, was_closed
from sync_server.domain.case_events import StepKind, effective
from sync_server.domain.roles import Permission, Role, Staff, permissions
from sync_server.problems import NotAllowed, NotFound, StateChanged, UndoTooLate
from sync_server.store import audit_log, case_events, followers, held_answers, records
from sync_server.store.audit_log import AuditEntry
from sync_server.store.case_events import CaseStep
from sync_server.store.engine import DatabaseRow, Store, Tx
from sync_server.store.readable import UnreadableRow


def undo(  # noqa: PLR0913 – who takes which step of which record back, when, by which settings
    store: Store, staff: Staff, record: str, n: int, now: datetime, settings: CaseSettings
) -> None:
    """Undoes step `n` of a record's case: its state is what it was before, and its answer is gone.

    Raises NotFound; NotAllowed for who neither made the step nor is a supervisor; StateChanged if
    something came after it; UndoTooLate once its answer was released or could have been.
    """
    if Permission.HANDLE_CASES not in permissions(staff.role):
        raise NotAllowed
    with store.writing() as tx:
        claim_case(tx, record)
        row = records.one(tx, record)
        if row is None:
            raise NotFound
        last = _last(tx, record, n)
        if not _may(staff, last):
            raise NotAllowed
        if now >= last.at + settings.hold:
            raise UndoTooLate
        _take_back(tx, row, last, (staff, now), settings)
        for step in followers.steps_with(tx, last.seq, row.number):
            _undo_with(tx, step, (staff, now), settings)
        audit_log.note(tx, AuditEntry(now, staff.staff, "undo", record, last.after))


def _undo_with(
    tx: Tx, step: DatabaseRow, by: tuple[Staff, datetime], settings: CaseSettings
) -> None:
    """The same for a record that made its step with this one. Raises StateChanged if something came
    after it there: the worker would hear of a step that was undone."""
    row = records.one(tx, step.id)
    last = next(reversed(_effective(tx, step.id)), None)
    if row is None or last is None or last.n != step.n:
        raise StateChanged
    _take_back(tx, row, last, by, settings)


def undoable(
    tx: Tx, staff: Staff, record: str, now: datetime, settings: CaseSettings
) -> DatabaseRow | None:
    """The step that this duty post could undo now; None if there is none."""
    left = _effective(tx, record)
    is_open = left and _is_own(left[-1]) and now < left[-1].at + settings.hold
    return left[-1] if is_open and _may(staff, left[-1]) else None


def _may(staff: Staff, step: DatabaseRow) -> bool:
    return staff.role is Role.SUPERVISOR or bool(step.staff == staff.staff)


def _last(tx: Tx, record: str, n: int) -> DatabaseRow:
    left = _effective(tx, record)
    if not left or left[-1].n != n or not _is_own(left[-1]):
        raise StateChanged
    return left[-1]


def _is_own(step: DatabaseRow) -> bool:
    """Made by the bureau about this very record: what follows another one is undone with that."""
    return step.role != Role.GRID and step.kind not in (StepKind.FOLLOW, StepKind.PART)


def _effective(tx: Tx, record: str) -> list[DatabaseRow]:
    steps = case_events.of_record(tx, record)
    return effective(row for row in steps if not isinstance(row, UnreadableRow))


def _take_back(
    tx: Tx,
    row: DatabaseRow,
    last: DatabaseRow,
    by: tuple[Staff, datetime],
    settings: CaseSettings,
) -> None:
    """The step is added first, for it claims the chain: see held_answers.take_back."""
    staff, now = by
    moved = (row.id, last.after, last.before)
    undoing = CaseStep(*moved, staff.staff, staff.role.value, now, kind=StepKind.UNDO.value)
    case_events.add(tx, undoing)
    is_held = not is_told(CaseStep.of(last)) or held_answers.take_back(tx, row.author, last.seq)
    if not is_held:
        raise UndoTooLate
    records.alter(tx, row.id, {"state": last.before, "changed_at": now})
    followers.note(tx, row.id)
    if last.after in CLOSED and not was_closed(tx, row.id):
        restore(tx, row)
    note_due(tx, row.id, settings.levels)
