"""What holds in every world: at any moment, and once everybody has come to rest."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from contract.replies import ArrivalKind
from tests.simulation import agreement
from tests.simulation.agreement import Rows
from tests.simulation.deeds import outbox
from tests.simulation.handset import Handset
from tests.simulation.machine import Down
from tests.simulation.scenery import rows
from tests.simulation.truth import Sealed
from tests.simulation.world import Broken, World


def watch(world: World) -> None:
    """At any moment: what left a phone's outbox is at the bureau, and so is a picture that left its
    album. Not asked while the bureau is down, or of what a restored bureau may have to be told."""
    try:
        bureau = arrived(world)
    except Down:
        return
    for phone in world.phones.values():
        waiting = outbox(phone)
        for digest, one in world.truth.sealed.items():
            if phone.name in one.holders and not (one.undone or one.rolled_back):
                known = digest in waiting or digest in bureau or _told(phone, one)
                if not known:
                    raise Broken("deleted without a receipt", f"phone {phone.name} {digest[:8]}")


def arrived(world: World) -> set[str]:
    """The digests that the bureau holds now."""
    with world.machine.unharmed():
        return {row["digest"] for row in rows(world.machine.store, ("arrivals",))["arrivals"]}


def rest(world: World) -> None:
    """Everything, at the end."""
    with world.machine.unharmed():
        found = rows(world.machine.store)
    for law in LAWS:
        law(world, found)


def nothing_broke(world: World, _: Rows) -> None:
    if world.machine.broken:
        raise Broken("an error that nobody foresaw", world.machine.broken[0])
    for phone in world.phones.values():
        if phone.memory.ledger_broken():
            raise Broken("two stories in the ledger", f"phone {phone.name}")
        if phone.notebook.recollect("torn"):
            raise Broken("a notebook was torn", f"phone {phone.name}")
        if list(phone.disk.root.rglob("*.torn")):
            raise Broken("a picture was torn", f"phone {phone.name}")
        if phone.road.speech.misjudged:
            raise Broken("something unheard of was not refused as such")


def nothing_lost(world: World, found: Rows) -> None:
    """Everything sealed and not undone is recorded, or its refusal is shown to the worker."""
    here = {row["digest"] for row in found["arrivals"]}
    aside = {row["digest"] for row in found["quarantine"]}
    lost = []
    for digest, one in world.truth.sealed.items():
        if digest in here or one.undone or not must(one):
            continue
        told = digest in aside and any(_told(p, one) for p in _holders(world, one))
        if not (one.unfit and told):
            lost.append(f"{one.parcel.kind} {one.parcel.id} revision {one.parcel.revision}")
    world.lost = len(lost)
    if lost:
        raise Broken("lost", lost[0])


def nothing_doubled(world: World, found: Rows) -> None:
    """No record twice, no number twice, nothing that nobody sealed."""
    arrivals, records = found["arrivals"], found["records"]
    sealed = {d for d, one in world.truth.sealed.items() if not one.unfit}
    twice = [
        *_twice(row["number"] for row in arrivals),
        *_twice((row["device"], row["digest"]) for row in arrivals),
        *_twice((row["device"], row["position"]) for row in arrivals),
        *_twice(row["number"] for row in records),
        *_twice(row["id"] for row in records),
    ]
    strange = [row["digest"] for row in arrivals if row["digest"] not in sealed]
    world.doubled = len(twice) + len(strange)
    if world.doubled:
        raise Broken("recorded twice, or never sealed", str(twice or strange))


def arrivals_are_shown(_: World, found: Rows) -> None:
    """What arrived is what the console lists, and nothing else is."""
    kinds = {"report": "records", "patrol": "patrols", "suggestion": "suggestions"}
    for kind, table in kinds.items():
        here = {row["id"] for row in found["arrivals"] if row["kind"] == kind}
        if {row["id"] for row in found[table]} != here:
            raise Broken(f"{table} are not what arrived")


def must(one: Sealed) -> bool:
    """Whether it has to be at the bureau: some phone has held it ever since."""
    return bool(one.holders) and not one.late


def _told(phone: Handset, one: Sealed) -> bool:
    """The worker sees the refusal, and the bytes are kept."""
    return phone.memory.aside(one.parcel.digest) is not None and (
        one.parcel.kind is not ArrivalKind.REPORT or one.unfit
    )


def _holders(world: World, one: Sealed) -> Iterable[Handset]:
    return (world.phones[name] for name in sorted(one.holders))


def _twice(names: Iterable[Any]) -> list[Any]:
    return [name for name, n in Counter(names).items() if n > 1]


LAWS: tuple[Callable[[World, Rows], None], ...] = (
    nothing_broke,
    nothing_lost,
    nothing_doubled,
    arrivals_are_shown,
    agreement.records_are_the_fold,
    agreement.ledgers_agree,
    agreement.answers_came_home,
    agreement.pictures_are_whole,
)
