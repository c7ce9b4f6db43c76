"""Runs one plan on one engine, and says what came of it."""

import asyncio
import logging
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sync_server.settings import DailyQuota, Limits, Settings
from tests.simulation import acts, invariants, scenery
from tests.simulation.hooks import simulated_disks
from tests.simulation.loop import SimulatedLoop, simulated_threads
from tests.simulation.machine import Machine
from tests.simulation.plan import Plan, Step
from tests.simulation.swapping import seeded_secrets
from tests.simulation.world import Broken, World, now

# In one world of so many the bureau takes little of a phone on one day, and puts the rest off.
A_FEW, FEW = 5, DailyQuota(arrivals=3, photos=2)


@dataclass(frozen=True)
class Came:
    """`broken` names the law and says how, or is None."""

    plan: Plan
    reports: int = 0
    refused: int = 0
    lost: int = 0
    doubled: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    broken: Broken | None = None
    trace: str = ""  # of all that phones and bureau held in the end


def run(plan: Plan, postgres: str | None = None) -> Came:
    """One world from beginning to rest, in a folder that is gone afterwards."""
    chance = Random(f"{plan.seed} world")
    loop = SimulatedLoop(chance)
    loop.set_exception_handler(lambda *_: None)  # who died cannot be asked for its errors
    here = scenery.a_folder()
    root = here / "bureau"
    scenery.lay_out(root)
    code = scenery.CODE
    if postgres:
        code = f"s{plan.seed}"
        scenery.set_up(postgres, code)
    limits = Limits(daily=FEW) if plan.seed % A_FEW == 0 else Limits()
    settings = Settings(
        database=postgres or f"sqlite:///{root}", photos=root / "photos", bureau=code, limits=limits
    )
    try:
        with _quiet(), simulated_threads(), seeded_secrets(chance):
            return loop.run_until_complete(_lived(plan, here, settings, chance))
    finally:
        loop.close()
        shutil.rmtree(here)
        if postgres:
            scenery.put_back(scenery.opened(postgres, code), {})


async def _lived(plan: Plan, folder: Path, settings: Settings, chance: Random) -> Came:
    machine = Machine(folder / "bureau", settings, now)
    world = World(plan, folder, machine, chance)
    broken = None
    with simulated_disks(world.disks):
        machine.start()
        try:
            await _steps(world)
            await world.heal()
            invariants.rest(world)
        except Broken as error:
            broken = error
        except Exception as error:  # of a program of ours, or a loop with nothing left to do
            broken = Broken("a program fell", repr(error))
        finally:
            for phone in world.phones.values():
                phone.close()
            machine.stop()
            await _ended()
            machine.stop()
    faults = world.faults + machine.crashes
    for phone in world.phones.values():
        faults += phone.deaths
    return Came(
        plan=plan,
        reports=world.truth.reports,
        refused=world.refused,
        lost=world.lost,
        doubled=world.doubled,
        faults=faults,
        broken=broken,
        trace=world.trace,
    )


async def _steps(world: World) -> None:
    for post in world.plan.posts:
        await world.enrol(world.add(post))
    said: Counter[Step] = Counter()
    for step in world.plan.steps:
        await asyncio.sleep(step.gap)
        said[step] += 1  # its own chance, so that it stays the same when others are left out
        world.chance.seed(f"{world.plan.seed} {step} {said[step]}")
        await acts.do(world, step)
        invariants.watch(world)


async def _ended() -> None:
    """Nothing of this world goes on in the next."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def _quiet() -> Iterator[None]:
    """Troubles are what this is about: the programs need not log each."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
