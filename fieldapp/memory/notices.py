"""The bureau's letters to its workers, notices and tasks: which of them nobody here has seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from contract import wire
from contract.reference import Notice, Task
from contract.value import Value

Items = Sequence[Notice | Task]
LONG_ENOUGH = 16  # hexadecimal digits, of some dozens of letters


class SeenNotices(Value):
    """By their content: what the bureau has changed is new again."""

    letters: tuple[str, ...] = ()

    def looked_at(self, letters: Items, held: Items) -> Self:
        """With these; of those before only what is still `held`."""
        kept = set(self.letters) & set(map(_mark, held))
        return self.changed(letters=tuple(sorted(kept | set(map(_mark, letters)))))

    def holds(self, letter: Notice | Task) -> bool:
        return _mark(letter) in self.letters


@dataclass(frozen=True, slots=True)
class UnseenCounts:
    """How much of it there is; `urgent` where one of the notices is."""

    notices: int = 0
    tasks: int = 0
    urgent: bool = False


def count_unseen(
    seen: SeenNotices, notices: Sequence[Notice], tasks: Sequence[Task]
) -> UnseenCounts:
    fresh = [notice for notice in notices if not seen.holds(notice)]
    asked = sum(not seen.holds(task) for task in tasks)
    return UnseenCounts(len(fresh), asked, any(notice.urgent for notice in fresh))


def _mark(letter: Notice | Task) -> str:
    return wire.digest(wire.to_json(letter))[:LONG_ENOUGH]
