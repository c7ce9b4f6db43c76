"""How well a partition of reports is the true one: pairs, doors that met, and B-cubed."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

Labels = Sequence[Hashable]


@dataclass(frozen=True, slots=True)
class Score:
    """`wrong_pairs`: linked reports of two doors; `doors`: doors that met another one in a site."""

    precision: float
    recall: float
    wrong_pairs: int
    doors: int
    bcubed: float


def score(found: Labels, truth: Labels) -> Score:
    """Both give a label to each report."""
    cells = Counter(zip(found, truth, strict=True))
    of_site, of_door = Counter(found), Counter(truth)
    right = sum(n * (n - 1) // 2 for n in cells.values())
    linked = sum(n * (n - 1) // 2 for n in of_site.values())
    wanted = sum(n * (n - 1) // 2 for n in of_door.values())
    met = defaultdict[Hashable, set[Hashable]](set)
    for site, door in cells:
        met[site].add(door)
    total = len(found)
    precise = sum(n * n / of_site[site] for (site, _), n in cells.items()) / total
    complete = sum(n * n / of_door[door] for (_, door), n in cells.items()) / total
    return Score(
        right / linked if linked else 1.0,
        right / wanted if wanted else 1.0,
        linked - right,
        sum(len(doors) - 1 for doors in met.values()),
        2 * precise * complete / (precise + complete),
    )


class Groups:
    """Disjoint sets of numbers."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def of(self, one: int) -> int:
        while self._above[one] != one:
            self._above[one] = one = self._above[self._above[one]]
        return one

    def join(self, one: int, other: int) -> None:
        self._above[self.of(other)] = self.of(one)

    def labels(self) -> list[int]:
        return [self.of(n) for n in range(len(self._above))]
