"""What each step of a plan does to a world."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from fieldapp.ports import NotebookClosed
from tests.simulation import bureau_acts, deeds, office, scenery, site_acts
from tests.simulation.disk import Death
from tests.simulation.handset import Handset
from tests.simulation.plan import At, Do, Step
from tests.simulation.proxies import Meddling
from tests.simulation.truth import Kept, Truth
from tests.simulation.versions import Age
from tests.simulation.world import World

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
        with suppress(NotebookClosed):  # the app is about to begin again
            act(phone, world.truth, step.n)
        phone.disk.death = None

    return run


async def go(world: World, phone: Handset, step: Step) -> None:
    if phone.name in world.emptied and not phone.shut and phone.memory.identity() is None:
        await world.enrol(phone)  # its screen says to ask for a new code
    at_await = step.death if step.at is At.AWAIT else None
    at_write = step.death if step.at is At.WRITE else None
    phone.begin_round(step.troubles, at_await, at_write)


async def kill(_: World, phone: Handset, step: Step) -> None:
    phone.die(step.death or Death(1))


async def jump(world: World, phone: Handset, step: Step) -> None:
    world.struck(step.do.value)
    phone.clock.off += timedelta(seconds=step.seconds)


async def meddle(_: World, phone: Handset, step: Step) -> None:
    """Two times in three a proxy that is another now; else none."""
    kinds = list(Meddling)
    phone.road.meddling = kinds[step.n % len(kinds)] if step.n % 3 else None


async def fill(world: World, phone: Handset, step: Step) -> None:
    full = step.n % 2 == 0
    if full and not phone.disk.full:
        world.struck(step.do.value)
    phone.disk.fill(full)


async def keep(world: World, phone: Handset, _: Step) -> None:
    folder = scenery.copied(phone.disk.root, world.place(f"kept{phone.name}"))
    world.kept[phone.name] = Kept(folder, world.truth.held_by(phone.name))


async def restore(world: World, phone: Handset, step: Step) -> None:
    if kept := world.kept.get(phone.name):
        world.struck(step.do.value)
        world.truth.replaced(phone.name, kept.digests)
        phone.move(scenery.copied(kept.folder, world.place(f"phone{phone.name}")))


async def reinstall(world: World, phone: Handset, step: Step) -> None:
    world.struck(step.do.value)
    phone.move(world.place(f"phone{phone.name}"))
    world.truth.replaced(phone.name, ())
    await world.enrol(phone)


async def clone(world: World, phone: Handset, step: Step) -> None:
    if len(world.phones) < 4:
        world.struck(step.do.value)
        root = scenery.copied(phone.disk.root, world.place(f"phone{len(world.phones)}"))
        world.truth.replaced(len(world.phones), world.truth.held_by(phone.name))
        twin = world.add(phone.post, root)
        twin.clock.off = phone.clock.off
        twin.road.speech = replace(phone.road.speech)


async def enrol(world: World, phone: Handset, step: Step) -> None:
    await phone.rested()
    phone.disk.death = step.death if step.at is At.WRITE else None
    await world.enrol(phone, step.troubles)
    phone.disk.death = None


async def age(world: World, phone: Handset, step: Step) -> None:
    world.struck(step.do.value)
    if not (world.restored and step.age is Age.FIRST):
        phone.road.speech.phone = step.age


ACTS: dict[Do, Act] = {
    Do.SEAL: deed(deeds.seal),
    Do.UNDO: deed(deeds.undo),
    Do.EDIT: deed(deeds.edit),
    Do.WITHDRAW: deed(deeds.withdraw),
    Do.DOUBT: deed(deeds.doubt),
    Do.PATROL: deed(deeds.patrol),
    Do.SUGGEST: deed(deeds.suggest),
    Do.GO: go,
    Do.KILL: kill,
    Do.DECIDE: office.handle_case,
    Do.UNDO_STEP: office.undo_step,
    Do.TASK: office.give_task,
    Do.COMPLAINT: office.handle_complaint,
    Do.RULE: site_acts.rule,
    Do.CRASH: bureau_acts.crash,
    Do.JUMP: jump,
    Do.FILL: fill,
    Do.FILL_BUREAU: bureau_acts.fill_bureau,
    Do.KEEP: keep,
    Do.RESTORE: restore,
    Do.REINSTALL: reinstall,
    Do.CLONE: clone,
    Do.WAIT: bureau_acts.wait,
    Do.KEEP_BUREAU: bureau_acts.keep_bureau,
    Do.RESTORE_BUREAU: bureau_acts.restore_bureau,
    Do.PROCESSES: bureau_acts.processes,
    Do.REVOKE: bureau_acts.revoke,
    Do.ENROL: enrol,
    Do.AGE: age,
    Do.AGE_BUREAU: bureau_acts.age_bureau,
    Do.MEDDLE: meddle,
}
