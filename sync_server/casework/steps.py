"""Makes a step of a record's case: everything that is written with it."""

from datetime import date

from contract.cases import MAY_BE_DOUBTED, CaseState
from sync_server.casework.answering import give_answer, is_told, told_state
from sync_server.casework.case_rules import CaseSettings, note_due
from sync_server.casework.positions import coarsen_if_closed
from sync_server.domain.clocks import Levels, after_working_days, local_day
from sync_server.domain.roles import Role
from sync_server.store import calendar as calendars
from sync_server.store import case_events, followers, held_answers, records
from sync_server.store.case_events import CaseStep
from sync_server.store.engine import DatabaseRow, Tx


def make_step(tx: Tx, row: DatabaseRow, step: CaseStep, settings: CaseSettings) -> None:
    """Adds the step, moves the record and answers its author. The caller has claimed the record and
    checked that the step may be made."""
    seq = case_events.add(tx, step)
    records.alter(tx, row.id, {"state": step.after, "changed_at": step.at})
    note_due(tx, row.id, settings.levels)
    if row.follows or step.after == CaseState.MERGED:
        followers.note(tx, row.id)
    coarsen_if_closed(tx, row, step.after)
    until = _object_until(tx, step, settings.levels)
    give_answer(tx, row, step, seq, settings.hold, until)
    if not settings.hold and step.role != Role.GRID:  # else the sync call that made it does so
        held_answers.release(tx, [row.author], step.at)


def _object_until(tx: Tx, step: CaseStep, levels: Levels) -> date | None:
    """The last day on which the worker may object to what is told them with this step, which they
    may once; None if they may not."""
    if not is_told(step) or told_state(step) not in MAY_BE_DOUBTED:
        return None
    said = case_events.events(case_events.of_record(tx, step.record))
    if any((one.role, one.after) == (Role.GRID, CaseState.OBJECTED) for one in said):
        return None
    return after_working_days(local_day(step.at), levels.doubt, calendars.work_calendar(tx))
