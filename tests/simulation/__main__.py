"""`make simulate SEEDS=1000-1999 ENGINE=sqlite`: those worlds, until one breaks an invariant."""

import argparse
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import started
from tests.simulation import scenery
from tests.simulation.plan import plan
from tests.simulation.run import Came, run
from tests.simulation.shrink import shrunk


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    asked.add_argument("seeds", nargs="?", default="0-99", help="first-last, or one")
    asked.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    asked.add_argument("--show", action="store_true", help="print every schedule")
    said = asked.parse_args()
    first, _, last = said.seeds.partition("-")
    total, begun = Total(), time.monotonic()
    with _folder() as folder, _server(said.engine) as postgres:
        for seed in range(int(first), int(last or first) + 1):
            here = plan(seed)
            if said.show:
                print(here)
            came = run(here, folder, postgres)
            total.add(came)
            if came.broken:
                _tell(came, folder, postgres)
                break
    print(f"{total} in {time.monotonic() - begun:.0f} s on {said.engine}")
    return int(total.broken)


class Total:
    """The one-line summary."""

    def __init__(self) -> None:
        self.worlds = self.reports = self.refused = self.lost = self.doubled = 0
        self.broken = False
        self.faults: Counter[str] = Counter()

    def add(self, came: Came) -> None:
        self.worlds += 1
        self.reports += came.reports
        self.refused += came.refused
        self.lost += came.lost
        self.doubled += came.doubled
        self.faults += came.faults
        self.broken = self.broken or came.broken is not None

    def __str__(self) -> str:
        faults = ", ".join(f"{name} {n}" for name, n in sorted(self.faults.items()))
        return (
            f"{self.worlds} worlds, {self.reports} reports sealed, faults: {faults or 'none'};"
            f" refused and shown {self.refused}, lost {self.lost}, doubled {self.doubled}"
        )


def _tell(came: Came, folder: Path, postgres: str | None) -> None:
    print(f"BROKEN {came.broken}\n{came.plan}\nshrinking ...", flush=True)
    small = shrunk(came, lambda one: run(one, folder, postgres))
    print(f"the shortest that breaks the same: {small.broken}\n{small.plan}")


@contextmanager
def _folder() -> Iterator[Path]:
    folder = scenery.a_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def _server(engine: str) -> Iterator[str | None]:
    """A PostgreSQL of our own where one is wanted."""
    if engine == "sqlite":
        yield None
        return
    with started() as address:
        yield address


if __name__ == "__main__":
    sys.exit(main())
