"""What the steps of a plan do to the bureau."""

import asyncio

from sync_server.problems import Problem
from sync_server.store import devices
from tests.simulation import scenery
from tests.simulation.disk import Dead
from tests.simulation.handset import Handset
from tests.simulation.machine import Down
from tests.simulation.plan import At, Step
from tests.simulation.truth import Kept
from tests.simulation.versions import Age
from tests.simulation.world import World, now


async def crash(world: World, _: Handset, step: Step) -> None:
    machine = world.machine
    machine.down_s = step.seconds
    if step.at is At.STATEMENT:
        machine.at_statement = step.death
    else:
        machine.disk.death = step.death


async def fill_bureau(world: World, _: Handset, step: Step) -> None:
    full = step.n % 2 == 0
    if full and not world.machine.full:
        world.struck(step.do.value)
    if not world.machine.disk.dead:
        world.machine.fill(full)


async def processes(world: World, _: Handset, step: Step) -> None:
    machine = world.machine
    machine.processes = 1 + step.n % 2
    if not machine.disk.dead:
        world.struck(step.do.value)
        machine.stop()
        machine.start()


async def revoke(world: World, phone: Handset, step: Step) -> None:
    identity = None if phone.shut else phone.memory.identity()
    try:
        with world.machine.store.writing() as tx:
            done = bool(identity) and devices.revoke(tx, identity.device if identity else "", now())
    except (Down, Dead, Problem):
        return
    if done:
        world.struck(step.do.value)


async def wait(_: World, __: Handset, step: Step) -> None:
    await asyncio.sleep(step.seconds)


async def keep_bureau(world: World, _: Handset, __: Step) -> None:
    """At one moment: database and folder belong together."""
    machine = world.machine
    if machine.disk.dead:
        return
    with machine.unharmed():
        rows = scenery.rows(machine.store)
    folder = scenery.copied(machine.disk.root, world.place("kept-bureau"))
    digests = frozenset(row["digest"] for row in rows["arrivals"])
    rulings = world.truth.rulings
    world.kept_bureau = Kept(folder, digests, {} if machine.sqlite else rows, rulings)


async def restore_bureau(world: World, _: Handset, step: Step) -> None:
    machine, kept = world.machine, world.kept_bureau
    if kept is None or machine.disk.dead:
        return
    world.struck(step.do.value)
    with machine.unharmed():
        arrived = scenery.rows(machine.store, ("arrivals",))["arrivals"]
        if kept.rows:
            scenery.put_back(machine.store, kept.rows)
    world.updated()
    before = machine.shelved()
    with machine.unharmed():  # whoever puts a backup in its place sees it start
        machine.move(scenery.copied(kept.folder, world.place("bureau")))
    gone = {r["digest"]: r["received_at"] for r in arrived if r["digest"] not in kept.digests}
    world.truth.rolled_back(gone, now())
    world.truth.rulings = kept.rulings
    with machine.unharmed():
        held = scenery.rows(machine.store, ("arrivals", "quarantine"))
    world.truth.nobody_has({row["digest"] for rows in held.values() for row in rows})
    world.restored_at = now()
    world.lose_pictures(before - machine.shelved())


async def age_bureau(world: World, _: Handset, step: Step) -> None:
    world.struck(step.do.value)
    for phone in world.phones.values():
        if not (world.restored and step.age is Age.FIRST):
            phone.road.speech.bureau = step.age
