"""Tasks to grids: those made in the console, those of an imported list, and what came of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from sync_server.domain.task_state import TaskResult
from sync_server.store import places
from sync_server.store.counters import next_of_year
from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import ReadRow, readable_rows
from sync_server.store.schema import grid_tasks, records, task_results, tasks

COUNTER = "task"
NEVER = date(9999, 12, 31)  # where a task without a deadline stands in the list


def add(tx: Tx, row: Mapping[str, Any]) -> str:
    """A new task, whose number is returned; phones of its grid are sent it with their next call."""
    number = f"T{next_of_year(tx, COUNTER, row['made_at'])}"
    tx.run(insert(grid_tasks).values(bureau=tx.bureau, task=number, **row))
    places.count_change(tx)
    return number


def withdraw(tx: Tx, task: str, now: datetime) -> bool:
    """The bureau takes a task back; False if there is none that is not taken back."""
    here = and_(grid_tasks.c.bureau == tx.bureau, grid_tasks.c.task == task)
    standing = update(grid_tasks).where(here, grid_tasks.c.withdrawn_at.is_(None))
    changed = bool(tx.run(standing.values(withdrawn_at=now)).rowcount)
    if changed:
        places.count_change(tx)
    return changed


def one(tx: Tx, task: str) -> DatabaseRow | None:
    """A task that was made in the console."""
    here = and_(grid_tasks.c.bureau == tx.bureau, grid_tasks.c.task == task)
    return tx.run(select(grid_tasks).where(here)).one_or_none()


def made(
    tx: Tx, before: tuple[datetime, str] | None, size: int, *, waiting: bool = False
) -> Sequence[ReadRow]:
    """`size` tasks that were made in the console, the newest first: those before this time and
    number, else the newest of all; only those that `waiting` phones still have."""
    key = (grid_tasks.c.made_at, grid_tasks.c.task)
    wanted = select(grid_tasks).where(grid_tasks.c.bureau == tx.bureau)
    if waiting:
        standing = wanted.where(grid_tasks.c.withdrawn_at.is_(None))
        wanted = unanswered(tx, standing, grid_tasks.c.task, None)
    if before:
        wanted = wanted.where(tuple_(*key) < before)
    newest = wanted.order_by(*(column.desc() for column in key)).limit(size)
    return readable_rows(tx, newest, (grid_tasks.c.task,))


def made_for_record(tx: Tx, record: str) -> list[DatabaseRow]:
    """The tasks that were made for a lead, the newest first."""
    return _newest_first(tx, grid_tasks.c.record == record)


def made_for_complaints(tx: Tx, complaints: Collection[str]) -> list[DatabaseRow]:
    """The tasks that were made for these complaints, the newest first."""
    return _newest_first(tx, grid_tasks.c.complaint.in_(complaints)) if complaints else []


def listed(tx: Tx, after: tuple[date, str] | None, size: int) -> Sequence[ReadRow]:
    """`size` tasks of the imported list, what is due first on top and what never is at the end:
    those after this day and number, else the first."""
    due = func.coalesce(tasks.c.due, NEVER)
    wanted = select(tasks).where(tasks.c.bureau == tx.bureau)
    if after:
        later = or_(due > after[0], and_(due == after[0], tasks.c.task > after[1]))
        wanted = wanted.where(later)
    return readable_rows(tx, wanted.order_by(due, tasks.c.task).limit(size), (tasks.c.task,))


def results_of(tx: Tx, numbers: Collection[str]) -> dict[str, list[TaskResult]]:
    """What phones answered to these tasks, by task, in order of time."""
    same = and_(records.c.bureau == task_results.c.bureau, records.c.id == task_results.c.id)
    wanted = (
        select(task_results, records.c.number, records.c.kind, records.c.withdrawn_at)
        .outerjoin(records, same)
        .where(task_results.c.bureau == tx.bureau, task_results.c.task.in_(numbers))
        .order_by(task_results.c.at, task_results.c.id)
    )
    found: dict[str, list[TaskResult]] = {}
    for row in tx.run(wanted) if numbers else ():
        void = row.reason is None and (row.number is None or row.withdrawn_at is not None)
        said = TaskResult(row.id, row.at, row.number or "", row.kind or "", row.reason, void)
        found.setdefault(row.task, []).append(said)
    return found


def purge_of_complaints(tx: Tx, numbers: Collection[str]) -> None:
    """Deletes the tasks that were made for these complaints, whose words they hold, and what
    answered them; the reports that did so stay."""
    here = (grid_tasks.c.bureau == tx.bureau, grid_tasks.c.complaint.in_(numbers))
    made = tx.run(select(grid_tasks.c.task).where(*here)).scalars().all()
    if made:
        answered = (task_results.c.bureau == tx.bureau, task_results.c.task.in_(made))
        tx.run(delete(task_results).where(*answered))
        tx.run(delete(grid_tasks).where(*here))
        places.count_change(tx)


def is_known(tx: Tx, task: str) -> bool:
    """Whether the bureau has such a task, made or imported."""
    for table in (grid_tasks, tasks):
        here = and_(table.c.bureau == tx.bureau, table.c.task == task)
        if tx.run(select(table.c.task).where(here)).first():
            return True
    return False


def keep_result(tx: Tx, task: str, id: str, row: Mapping[str, Any]) -> None:
    """A phone's answer to a task; one that is known stays as it is. The grid is not sent the task
    any more."""
    here = and_(task_results.c.bureau == tx.bureau, task_results.c.id == id)
    if tx.run(select(task_results.c.id).where(here, task_results.c.task == task)).first() is None:
        tx.run(insert(task_results).values(bureau=tx.bureau, task=task, id=id, **row))
        places.count_change(tx)


def note_withdrawn(tx: Tx, report: str) -> None:
    """A report was taken back: a task that it was made for is sent again."""
    here = and_(task_results.c.bureau == tx.bureau, task_results.c.id == report)
    if tx.run(select(task_results.c.id).where(here)).first() is not None:
        places.count_change(tx)


def _newest_first(tx: Tx, here: ColumnElement[bool]) -> list[DatabaseRow]:
    wanted = select(grid_tasks).where(grid_tasks.c.bureau == tx.bureau, here)
    return list(tx.run(wanted.order_by(grid_tasks.c.made_at.desc(), grid_tasks.c.task.desc())))


def unanswered(
    tx: Tx, wanted: Select[Any], task: ColumnElement[str], grid: str | None
) -> Select[Any]:
    """Narrows a select of tasks, whose number is `task`, to those that this grid has not answered:
    neither handed back nor done by a report that stands."""
    same = and_(records.c.bureau == tx.bureau, records.c.id == task_results.c.id)
    stands = exists(select(literal(1)).where(same, records.c.withdrawn_at.is_(None)))
    answered = select(literal(1)).where(
        task_results.c.bureau == tx.bureau,
        task_results.c.task == task,
        or_(task_results.c.reason.is_not(None), stands),
        *([task_results.c.grid == grid] if grid else ()),
    )
    return wanted.where(~exists(answered))
