"""What each step of a plan does to a world."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from sync_server.cases import Decision
from sync_server.problems import Problem
from sync_server.review import decide
from sync_server.store import devices
from sync_server.store.schema import records
from tests.simulation import deeds, scenery
from tests.simulation.disk import Dead, Death
from tests.simulation.handset import Handset
from tests.simulation.machine import Down
from tests.simulation.plan import At, Do, Step
from tests.simulation.truth import Kept, Truth
from tests.simulation.versions import Age
from tests.simulation.world import World, now
from tests.sync_server.bureau import SUPERVISOR

MOVES = {"10": ("15", "20", "29"), "15": ("29",)}
Act = Callable[[World, Handset, Step], Awaitable[None]]


async def do(world: World, step: Step) -> None:
    """One step; a step that makes no sense here does nothing."""
    phone = world.phones[step.phone % len(world.phones)]
    phone.alive()
    await ACTS[step.do](world, phone, step)


def deed(act: Callable[[Handset, Truth, int], None]) -> Act:
    """A worker's, in which the phone may die."""

    async def run(world: World, phone: Handset, step: Step) -> None:
        phone.disk.death = step.death
        act(phone, world.truth, step.n)
        phone.disk.death = None

    return run


async def go(_: World, phone: Handset, step: Step) -> None:
    at_await = step.death if step.at is At.AWAIT else None
    at_write = step.death if step.at is At.WRITE else None
    phone.begin_round(step.troubles, at_await, at_write)


async def kill(_: World, phone: Handset, step: Step) -> None:
    phone.die(step.death or Death(1))


async def choose(world: World, _: Handset, step: Step) -> None:
    """Of all records one, and of all moves one that its state allows."""
    try:
        store = world.machine.store
        with store.reading() as tx:
            wanted = records.select().where(records.c.bureau == tx.bureau)
            rows = tx.run(wanted.order_by(records.c.seq)).all()
        row = rows[step.n % len(rows)] if rows else None
        moves = MOVES.get(row.state, ()) if row and not row.withdrawn_at else ()
        if row and moves:
            to = moves[step.n // 7 % len(moves)]
            reason = "DUPLICATE" if to == "29" else None
            said = Decision(to, row.state, row.revision, reason, f"第{step.n}号意见")
            decide(store, SUPERVISOR, row.id, said, now())
    except (Down, Dead, Problem):
        return


async def crash(world: World, _: Handset, step: Step) -> None:
    machine = world.machine
    machine.down_s = step.seconds
    if step.at is At.STATEMENT:
        machine.at_statement = step.death
    else:
        machine.disk.death = step.death


async def jump(world: World, phone: Handset, step: Step) -> None:
    world.struck(step.do.value)
    phone.clock.off += timedelta(seconds=step.seconds)


async def fill(world: World, phone: Handset, step: Step) -> None:
    full = step.n % 2 == 0
    if full and not phone.disk.full:
        world.struck(step.do.value)
    phone.disk.fill(full)


async def fill_bureau(world: World, _: Handset, step: Step) -> None:
    full = step.n % 2 == 0
    if full and not world.machine.full:
        world.struck(step.do.value)
    if not world.machine.disk.dead:
        world.machine.fill(full)


async def keep(world: World, phone: Handset, _: Step) -> None:
    folder = scenery.copied(phone.disk.root, world.place(f"kept{phone.name}"))
    world.kept[phone.name] = Kept(folder, world.truth.held_by(phone.name))


async def restore(world: World, phone: Handset, step: Step) -> None:
    if kept := world.kept.get(phone.name):
        world.struck(step.do.value)
        phone.move(scenery.copied(kept.folder, world.place(f"phone{phone.name}")))
        world.truth.replaced(phone.name, kept.digests)


async def reinstall(world: World, phone: Handset, step: Step) -> None:
    world.struck(step.do.value)
    phone.move(world.place(f"phone{phone.name}"))
    world.truth.replaced(phone.name, ())
    await world.enrol(phone)


async def clone(world: World, phone: Handset, step: Step) -> None:
    if len(world.phones) < 4:
        world.struck(step.do.value)
        root = scenery.copied(phone.disk.root, world.place(f"phone{len(world.phones)}"))
        twin = world.add(phone.post, root)
        twin.clock.off = phone.clock.off
        twin.road.speech = replace(phone.road.speech)
        world.truth.replaced(twin.name, world.truth.held_by(phone.name))


async def processes(world: World, _: Handset, step: Step) -> None:
    machine = world.machine
    machine.processes = 1 + step.n % 2
    if not machine.disk.dead:
        world.struck(step.do.value)
        machine.stop()
        machine.start()


async def revoke(world: World, phone: Handset, step: Step) -> None:
    identity = phone.memory.identity()
    try:
        with world.machine.store.writing() as tx:
            done = bool(identity) and devices.revoke(tx, identity.device if identity else "", now())
    except (Down, Dead, Problem):
        return
    if done:
        world.struck(step.do.value)


async def enrol(world: World, phone: Handset, step: Step) -> None:
    await phone.rested()
    phone.disk.death = step.death if step.at is At.WRITE else None
    await world.enrol(phone, step.troubles)
    phone.disk.death = None


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
    world.kept_bureau = Kept(folder, digests, {} if machine.sqlite else rows)


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
    machine.move(scenery.copied(kept.folder, world.place("bureau")))
    gone = {r["digest"]: r["received_at"] for r in arrived if r["digest"] not in kept.digests}
    world.truth.rolled_back(gone, now())
    world.lose_pictures(before - machine.shelved())


async def age(world: World, phone: Handset, step: Step) -> None:
    world.struck(step.do.value)
    if not (world.restored and step.age is Age.FIRST):
        phone.road.speech.phone = step.age


async def age_bureau(world: World, _: Handset, step: Step) -> None:
    world.struck(step.do.value)
    for phone in world.phones.values():
        if not (world.restored and step.age is Age.FIRST):
            phone.road.speech.bureau = step.age


ACTS: dict[Do, Act] = {
    Do.SEAL: deed(deeds.seal),
    Do.UNDO: deed(deeds.undo),
    Do.EDIT: deed(deeds.edit),
    Do.WITHDRAW: deed(deeds.withdraw),
    Do.PATROL: deed(deeds.patrol),
    Do.SUGGEST: deed(deeds.suggest),
    Do.GO: go,
    Do.KILL: kill,
    Do.DECIDE: choose,
    Do.CRASH: crash,
    Do.JUMP: jump,
    Do.FILL: fill,
    Do.FILL_BUREAU: fill_bureau,
    Do.KEEP: keep,
    Do.RESTORE: restore,
    Do.REINSTALL: reinstall,
    Do.CLONE: clone,
    Do.WAIT: wait,
    Do.KEEP_BUREAU: keep_bureau,
    Do.RESTORE_BUREAU: restore_bureau,
    Do.PROCESSES: processes,
    Do.REVOKE: revoke,
    Do.ENROL: enrol,
    Do.AGE: age,
    Do.AGE_BUREAU: age_bureau,
}
