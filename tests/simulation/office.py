"""What officers do with cases, tasks and complaints: any step of the table, with its words."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from contract.codelists import built_in
from sync_server.casework import complaints, tasks
from sync_server.casework.case_rules import AT_ONCE, CaseSettings, opened
from sync_server.casework.review import decide
from sync_server.casework.undo import undo, undoable
from sync_server.domain.cases import DUPLICATE, Word, rule
from sync_server.domain.complaints import Channel, NewComplaint
from sync_server.domain.decisions import Decision, possible, reasons
from sync_server.domain.roles import Role, Staff
from sync_server.problems import Problem
from sync_server.store.engine import DatabaseRow, Store
from sync_server.store.schema import complaints as all_complaints
from sync_server.store.schema import grid_tasks, records
from tests.simulation.disk import Dead
from tests.simulation.handset import Handset
from tests.simulation.machine import Down
from tests.simulation.plan import Step
from tests.simulation.world import Broken, World, now
from tests.sync_server.bureau import SUPERVISOR

HOLD = CaseSettings(timedelta(seconds=60))
OFFICERS = (SUPERVISOR, Staff("banan1", Role.CASE_OFFICER))
GRIDS = {"wg1": "g1", "wg2": "g2"}  # of the duty posts in tests/sync_server/bureau.py
LISTS = built_in()


async def handle_case(world: World, _: Handset, step: Step) -> None:
    """Of all records one, and of all steps one that its case allows; half of them told a minute
    later, and of those every third undone at once."""
    try:
        store = world.machine.store
        row = _chosen(store, records, step.n)
        if row and not row.withdrawn_at:
            _step_made(store, row, step.n)
    except (Down, Dead, Problem):
        return


def _step_made(store: Store, row: DatabaseRow, n: int) -> None:
    with store.reading() as tx:
        case = opened(tx, row, now(), HOLD.levels)
    ways = [(staff, way) for staff in OFFICERS for way in possible(staff, case.standing)]
    if not ways:
        return
    staff, way = ways[n // 7 % len(ways)]
    waits = HOLD if n % 2 else AT_ONCE
    other = _chosen(store, records, n // 3)  # of another place, it is refused
    said = worded(replace(way, seen_revision=row.revision), n, other.number if other else "")
    decide(store, staff, row.id, said, now(), waits)
    if n % 3 == 0:
        undo_last(store, row.id)


def undo_last(store: Store, record: str) -> None:
    """The last step of a case, by a supervisor, if it can be undone."""
    with store.reading() as tx:
        last = undoable(tx, SUPERVISOR, record, now(), HOLD)
    if last:
        undo(store, SUPERVISOR, record, last.n, now(), HOLD)


def worded(way: Decision, n: int, other: str) -> Decision:
    """A possible step, with all that has to be said with it; `other` is another record's number."""
    found = rule(way.kind, way.seen_state, way.to)
    assert found
    named = reasons(found, LISTS)
    reason = named[n % len(named)] if named else None
    words: dict[Word, dict[str, Any]] = {
        Word.REASON: {"reason": reason, "same_as": other if reason == DUPLICATE else None},
        Word.SAME_AS: {"same_as": other},
        Word.ASSIGNEE: {"assignee": ("shequ1", "shenhe1")[n % 2]},
        Word.CHECKS: {"checks": ((LISTS.offered("check")[0], "yes"),)},
        Word.DEPARTMENT: {"department": LISTS.offered("department")[0]},
        Word.RECEIPT: {"receipt": f"R{n}"},
    }
    said = {name: value for word in found.words for name, value in words.get(word, {}).items()}
    return replace(way, comment=f"第{n}号意见", **said)


async def undo_step(world: World, _: Handset, step: Step) -> None:
    """Somebody comes back to a record and takes its last step back, if it is not too late."""
    try:
        store = world.machine.store
        if row := _chosen(store, records, step.n):
            undo_last(store, row.id)
    except (Down, Dead, Problem):
        return


async def give_task(world: World, phone: Handset, step: Step) -> None:
    """A task for the phone's grid; every third time one of the tasks is taken back."""
    try:
        store = world.machine.store
        if step.n % 3:
            new = tasks.NewTask(f"看第{step.n}处", "", GRIDS[phone.post], "", None)
            tasks.give_task(store, SUPERVISOR, new, now())
        elif row := _chosen(store, grid_tasks, step.n):
            tasks.take_task_back(store, SUPERVISOR, row.task, now())
    except (Down, Dead, Problem):
        return


async def handle_complaint(world: World, _: Handset, step: Step) -> None:
    """One comes in, or one of them goes on; of every fourth an older version was looked at."""
    try:
        store = world.machine.store
        row = _chosen(store, all_complaints, step.n) if step.n % 3 else None
        if row is None:
            complaints.take_complaint(store, SUPERVISOR, _complaint(step.n, now()), now())
            return
        is_old = step.n % 4 == 0
        _go_on(store, row, (row.complaint, row.version - is_old), step.n)
    except (Down, Dead, Problem):
        return
    if is_old:
        raise Broken("one officer wrote over what another had written", row.complaint)


def _go_on(store: Store, row: DatabaseRow, seen: complaints.Seen, n: int) -> None:
    lead = _chosen(store, records, n)
    if n % 5 == 0 and lead:
        complaints.put_to_lead(store, SUPERVISOR, seen, lead.number, now())
    elif n % 5 < 3 or not row.answer:
        complaints.answer_complaint(store, SUPERVISOR, seen, f"第{n}次答复", now())
    else:
        complaints.mark_returned(store, SUPERVISOR, seen, now())


def _complaint(n: int, came: datetime) -> NewComplaint:
    ways = list(Channel)
    return NewComplaint(ways[n % len(ways)], "", came.date(), f"样例苑{n % 3}号楼", "疑似周末上课")


def _chosen(store: Store, table: Any, n: int) -> DatabaseRow | None:
    """One of the bureau's rows of this table, in the order of their keys; records as they came."""
    order = (table.c.seq,) if table is records else tuple(table.primary_key)
    with store.reading() as tx:
        rows = tx.run(table.select().where(table.c.bureau == tx.bureau).order_by(*order)).all()
    return rows[n % len(rows)] if rows else None
