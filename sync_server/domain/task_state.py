"""Where a task to a grid stands, from what phones answered to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class TaskState(StrEnum):
    """The words for people are in the console's words.json."""

    OPEN = "open"
    OVERDUE = "overdue"
    RETURNED = "returned"  # the grid cannot do it: somebody at the bureau decides what now
    DONE = "done"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class TaskResult:
    """One answer from a phone: the report (its id and number) that was made for the task, or the
    `reason` code for which it was handed back. `void`: the report was taken back."""

    id: str
    at: datetime
    number: str = ""
    kind: str = ""
    reason: str | None = None
    void: bool = False


def task_state(
    results: Iterable[TaskResult], due: date | None, today: date, *, withdrawn: bool = False
) -> TaskState:
    """A report that stands makes a task done, whoever else handed it back. `due` is the last day
    on which it is in time."""
    if withdrawn:
        return TaskState.WITHDRAWN
    standing = [one for one in results if not one.void]
    if any(one.reason is None for one in standing):
        return TaskState.DONE
    if standing:
        return TaskState.RETURNED
    return TaskState.OVERDUE if due and due < today else TaskState.OPEN
