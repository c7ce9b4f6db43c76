"""The simulation itself: it replays exactly, shrinks, strikes with every fault, forgets what was
never synced."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import event

from sync_server.store.engine import Store
from sync_server.store.places import stamp
from tests.simulation.dice import plan
from tests.simulation.disk import Dead, Death, Disk, How
from tests.simulation.hooks import simulated_disks
from tests.simulation.loop import SimulatedLoop, Stuck
from tests.simulation.plan import At, Do, Plan, Step
from tests.simulation.road import Fault, Trouble
from tests.simulation.run import Came, run
from tests.simulation.shrink import shrunk
from tests.simulation.versions import Age
from tests.simulation.world import Broken

ROOT = Path(__file__).parents[2]


def test_a_world_replays_exactly_after_others_and_alone_whatever_the_order_of_sets() -> None:
    *_, last = shown("5-12", "1")
    [alone] = shown("12", "2")
    assert last == alone


def shown(seeds: str, hash_seed: str) -> list[str]:
    """What each world came to, in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.simulation", seeds, "--show"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return [line for line in ran.stdout.splitlines() if "came to" in line]


def test_a_schedule_prints_as_the_code_that_makes_it() -> None:
    names = {kind.__name__: kind for kind in (Age, At, Death, Do, Fault, How, Plan, Step, Trouble)}
    for seed in range(50):
        assert eval(str(plan(seed)), dict(names)) == plan(seed)  # noqa: S307  # our own words


def test_every_fault_strikes_within_three_hundred_worlds() -> None:
    planned: Counter[object] = Counter()
    for seed in range(300):
        for step in plan(seed).steps:
            planned[step.do] += 1
            planned.update(trouble.fault for trouble in step.troubles)
            if step.death:
                planned[step.at, step.death.how, step.death.power] += 1
    assert set(Do) | set(Fault) <= planned.keys()
    assert {(at, how, power) for at in At for how in How for power in (True, False)} <= set(planned)


def test_a_long_schedule_shrinks_to_what_breaks() -> None:
    def lived(one: Plan) -> Came:
        deeds = [step.do for step in one.steps]
        at = deeds.index(Do.SEAL) if Do.SEAL in deeds else len(deeds)
        return Came(one, broken=Broken("law") if Do.DECIDE in deeds[at:] else None)

    small = shrunk(lived(plan(0)), lived)
    assert [step.do for step in small.plan.steps] == [Do.SEAL, Do.DECIDE]


def test_a_world_without_trouble_is_whole_and_has_no_faults() -> None:
    calm = tuple(Step(do, gap=30.0) for do in (Do.SEAL, Do.GO, Do.DECIDE, Do.GO))
    came = run(Plan(1, ("wg1",), calm))
    assert (came.broken, came.reports, sum(came.faults.values())) == (None, 1, 0)


def test_a_year_passes_at_once_and_nobody_waits_for_nothing() -> None:
    loop = SimulatedLoop(Random(0))
    loop.run_until_complete(asyncio.sleep(365 * 86_400))
    assert loop.time() == 365 * 86_400
    with pytest.raises(Stuck):
        loop.run_until_complete(asyncio.Event().wait())
    loop.close()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    left: list[Path] = []
    one = Disk(tmp_path / "machine", lambda path, _: left.append(path))
    with simulated_disks(lambda: [one]):
        yield one
    for connection in list(one.connections):
        connection.close()


def test_a_torn_commit_is_there_whole_or_not_at_all(disk: Disk) -> None:
    notes = opened(disk)
    notes.execute("INSERT INTO notes VALUES ('first')")
    notes.commit()
    notes.execute("INSERT INTO notes VALUES ('second')")
    disk.death = Death(1, How.TORN, part=0.6)
    with pytest.raises(Dead):
        notes.commit()
    assert rows_left(disk) == ["first"]


def test_a_commit_after_which_the_machine_died_is_there(disk: Disk) -> None:
    notes = opened(disk)
    notes.execute("INSERT INTO notes VALUES ('first')")
    disk.death = Death(1, How.AFTER, power=True)
    with pytest.raises(Dead):
        notes.commit()
    assert rows_left(disk) == ["first"]


def test_a_commit_that_did_not_wait_for_the_disk_is_lost_with_the_power(disk: Disk) -> None:
    notes = opened(disk, "OFF")
    notes.execute("INSERT INTO notes VALUES ('first')")
    disk.death = Death(1, How.AFTER, power=True)
    with pytest.raises(Dead):
        notes.commit()
    assert rows_left(disk) == []


@pytest.mark.parametrize(("synced", "kept"), [(True, b"whole"), (False, None)])
@pytest.mark.parametrize("name", ["picture", "9f86d081.dbx_0.half"])  # not every .db is SQLite's
def test_a_file_that_was_never_synced_is_lost_with_the_power(
    disk: Disk, name: str, synced: bool, kept: bytes | None
) -> None:
    file = disk.root / name
    file.write_bytes(b"whole")
    if synced:
        for place in (file, disk.root):
            fd = os.open(place, os.O_RDONLY)
            os.fsync(fd)
            os.close(fd)
    disk.die(Death(1, power=True, part=0.1), "now")
    there = disk.root.with_name("machine+") / name
    assert (there.read_bytes() if there.exists() else None) == kept


def test_a_dead_machine_writes_nothing_more(disk: Disk) -> None:
    disk.die(Death(1), "now")
    with pytest.raises(Dead):
        (disk.root / "picture").rename(disk.root / "other")


def test_a_full_disk_says_so_to_files_and_to_sqlite(disk: Disk) -> None:
    notes = opened(disk)
    disk.fill(True)
    with pytest.raises(sqlite3.OperationalError, match="full"):
        notes.execute("INSERT INTO notes VALUES (?)", ("x" * 100_000,))
    disk.fill(False)
    notes.execute("INSERT INTO notes VALUES (?)", ("x" * 100_000,))


def opened(disk: Disk, synchronous: str = "FULL") -> sqlite3.Connection:
    notes = sqlite3.connect(disk.root / "notes.db")
    notes.execute("PRAGMA journal_mode=WAL")
    notes.execute(f"PRAGMA synchronous={synchronous}")
    notes.execute("CREATE TABLE notes (text)")
    notes.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return notes


def rows_left(disk: Disk) -> list[str]:
    left = sqlite3.connect(disk.root.with_name("machine+") / "notes.db")
    try:
        return [text for (text,) in left.execute("SELECT text FROM notes")]
    finally:
        left.close()


def test_a_machine_may_die_at_a_prepared_statement(disk: Disk) -> None:
    said: list[str] = []
    store = Store.open(f"sqlite:///{disk.root}/bureau.db", "0001")
    event.listen(store.engine, "before_cursor_execute", lambda *heard: said.append(heard[2]))
    with store.reading() as tx:
        stamp(tx)
    store.close()
    assert [sql for sql in said if "counters" in sql]
