"""Which of the bureau's notices and tasks nobody has looked at on this phone yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from contract import wire
from contract.reference import Notice, Task
from contract.value import Value

Items = Sequence[Notice | Task]
MARK_DIGITS = 16  # hexadecimal: 64 bits do not collide among some dozens of notices


class SeenNotices(Value):
    """Marks of the notices and tasks that were looked at. A mark is made from the content: what the
    bureau has changed is new again."""

    marks: tuple[str, ...] = ()

    def with_seen(self, items: Items, held: Items) -> Self:
        """Adds these; drops what is no longer among `held`, all that the phone has."""
        kept = set(self.marks) & set(map(mark_of, held))
        return self.changed(marks=tuple(sorted(kept | set(map(mark_of, items)))))

    def has_seen(self, item: Notice | Task) -> bool:
        return mark_of(item) in self.marks


@dataclass(frozen=True, slots=True)
class UnseenCounts:
    """How many nobody has looked at; urgent notices are counted apart from the others."""

    notices: int = 0
    tasks: int = 0
    urgent: int = 0


def count_unseen(
    seen: SeenNotices, notices: Sequence[Notice], tasks: Sequence[Task]
) -> UnseenCounts:
    new = [notice for notice in notices if not seen.has_seen(notice)]
    new_tasks = sum(not seen.has_seen(task) for task in tasks)
    urgent = sum(notice.urgent for notice in new)
    return UnseenCounts(len(new) - urgent, new_tasks, urgent)


def mark_of(item: Notice | Task) -> str:
    return wire.digest(wire.to_json(item))[:MARK_DIGITS]
