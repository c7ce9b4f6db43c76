"""`make simulate SEEDS=1000-1999 ENGINE=sqlite`: those worlds, until one breaks an invariant."""

import argparse
import gc
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context

from tests.postgres import started
from tests.simulation.dice import plan
from tests.simulation.run import run
from tests.simulation.shrink import shrunk
from tests.simulation.total import Total, lived

# Objects. No world is older than a second, and Python spent a tenth of that looking for the dead.
COLLECT_AFTER = 50_000
PIECE = 100  # worlds that one process lives through, and it alone: what it leaves behind ends there


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    asked.add_argument("seeds", nargs="?", default="0-99", help="first-last, or one")
    asked.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    asked.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    asked.add_argument("--show", action="store_true", help="print every schedule")
    asked.add_argument("--whole", action="store_true", help="do not shrink what breaks")
    said = asked.parse_args()
    first, _, last = said.seeds.partition("-")
    seeds, begun = range(int(first), int(last or first) + 1), time.monotonic()
    with _server(said.engine) as postgres:
        total = (
            _everywhere(seeds, postgres, said.jobs)
            if said.jobs > 1 and not said.show
            else (lived(seeds, postgres, said.show))
        )
        if total.broken is not None:
            _tell(total.broken, total.law, postgres, said.whole)
    print(f"{total} in {time.monotonic() - begun:.0f} s on {said.engine}")
    return int(total.broken is not None)


def _everywhere(seeds: Sequence[int], postgres: str | None, jobs: int) -> Total:
    """The same on several processes; what they are at when one breaks is not counted."""
    pieces = [seeds[at : at + PIECE] for at in range(0, len(seeds), PIECE)]
    total = Total()
    with ProcessPoolExecutor(
        jobs,
        get_context("spawn"),
        initializer=gc.set_threshold,
        initargs=(COLLECT_AFTER,),
        max_tasks_per_child=1,
    ) as pool:
        for done in as_completed([pool.submit(lived, piece, postgres) for piece in pieces]):
            total.join(done.result())
            if total.broken is not None:
                pool.shutdown(wait=True, cancel_futures=True)
                break
    return total


def _tell(seed: int, law: str, postgres: str | None, whole: bool) -> None:
    """What broke; the schedule, and the shortest one that breaks the same. A world that breaks no
    second time is told, too: then it is the simulation that is not the same twice."""
    came = run(plan(seed), postgres)
    print(f"BROKEN {law}\n{came.plan}", flush=True)
    if came.broken is None:
        print(f"seed {seed} did not break when it was run again by itself")
    elif not whole:
        small = shrunk(came, lambda one: run(one, postgres))
        print(f"The shortest found that breaks the same: {small.broken}\n{small.plan}")


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
