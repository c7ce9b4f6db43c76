"""Which of the bureau's tasks were done from this phone, and which were handed back."""

from typing import Self

from contract.reference import Task
from contract.value import Value
from fieldapp.memory.notices import mark_of


class HandledTasks(Value):
    """Marks of tasks, made from their content: what the bureau has changed is to be done again."""

    done: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()

    def with_done(self, mark: str, done: bool) -> Self:
        """A lead about this task was sealed, or its seal was undone."""
        others = tuple(one for one in self.done if one != mark)
        return self.changed(done=(*others, mark) if done else others)

    def with_returned(self, task: Task) -> Self:
        return self.changed(returned=(*self.returned, mark_of(task)))

    def of(self, task: Task) -> str:
        """ "done", "returned" or "" for a task that is open."""
        mark = mark_of(task)
        return "done" if mark in self.done else "returned" if mark in self.returned else ""
