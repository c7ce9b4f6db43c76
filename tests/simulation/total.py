"""Many worlds, and the one line that sums them up."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.simulation.dice import plan
from tests.simulation.run import Came, run


@dataclass
class Total:
    """`broken` is the seed of the first world that broke an invariant, `law` says which and how."""

    worlds: int = 0
    reports: int = 0
    refused: int = 0
    lost: int = 0
    doubled: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    broken: int | None = None
    law: str = ""

    def add(self, came: Came) -> None:
        self.worlds += 1
        self.reports += came.reports
        self.refused += came.refused
        self.lost += came.lost
        self.doubled += came.doubled
        self.faults += came.faults
        if came.broken and self.broken is None:
            self.broken, self.law = came.plan.seed, str(came.broken)

    def join(self, other: "Total") -> None:
        for name in ("worlds", "reports", "refused", "lost", "doubled"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.faults += other.faults
        if self.broken is None:
            self.broken, self.law = other.broken, other.law

    def __str__(self) -> str:
        faults = ", ".join(f"{name} {n}" for name, n in sorted(self.faults.items()))
        return (
            f"{self.worlds} worlds, {self.reports} reports sealed, faults: {faults or 'none'};"
            f" refused and shown {self.refused}, lost {self.lost}, doubled {self.doubled}"
        )


def lived(seeds: Sequence[int], postgres: str | None, show: bool = False) -> Total:
    """These worlds one after the other, to the first that breaks."""
    total = Total()
    for seed in seeds:
        came = run(plan(seed), postgres)
        total.add(came)
        if show:
            print(f"{came.plan}\nseed {seed} came to {came.trace}")
        if came.broken:
            break
    return total
