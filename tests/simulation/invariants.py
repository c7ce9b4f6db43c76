"""What holds in every world: at any moment, and once everybody has come to rest."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from hashlib import sha256
from typing import Any
from uuid import UUID

from contract.protocol import ArrivalKind
from fieldapp.report.entry import EventKind, Stage
from sync_server.sites.rebuild import check
from tests.simulation import agreement, casebook
from tests.simulation.agreement import Rows
from tests.simulation.deeds import outbox
from tests.simulation.handset import Handset
from tests.simulation.machine import Down
from tests.simulation.scenery import arrived, put_aside, rows
from tests.simulation.site_acts import look, rulings_bind
from tests.simulation.truth import Sealed
from tests.simulation.world import Broken, World


def watch(world: World) -> None:
    """At any moment, while the bureau is up."""
    look(world)
    with suppress(Down), world.machine.unharmed():
        bureau = arrived(world.machine.store)
        _receipted(world, bureau)
        if world.emptied:
            _handed_over(world, bureau | put_aside(world.machine.store))
        _photographed(world, world.machine.shelved())
    for phone in world.phones.values():
        if phone.shut:
            continue
        seqs = {answer.seq for answer in phone.notebook.answers()}
        if seqs != set(range(1, len(seqs) + 1)):
            raise Broken("an answer was skipped", f"phone {phone.name} {sorted(seqs)}")


def _receipted(world: World, bureau: Collection[str]) -> None:
    """What has left a phone's outbox is at the bureau, or lies aside and the worker was told."""
    for phone in world.phones.values():
        if phone.shut:
            continue
        waiting = outbox(phone)
        for digest, one in world.truth.sealed.items():
            if phone.name not in one.holders or one.undone or one.rolled_back:
                continue
            if not (digest in waiting or digest in bureau or _told(phone, one)):
                raise Broken("deleted without a receipt", f"phone {phone.name} {digest[:8]}")


def _handed_over(world: World, bureau: Collection[str]) -> None:
    """What a revoked phone destroyed is at the bureau, recorded or put aside."""
    for digest, one in world.truth.sealed.items():
        lost_again = one.late or (one.unfit and world.restored)  # it has lost what it refused
        if one.handed and not (one.undone or lost_again or digest in bureau):
            raise Broken("destroyed before the bureau had it", digest[:8])


def _photographed(world: World, shelf: Collection[str]) -> None:
    """A picture that has left its album is at the bureau."""
    truth = world.truth
    back = {one.parcel.id for one in truth.sealed.values() if one.pictures_stay}
    for one in truth.sealed.values():
        for sha in one.pictures if one.parcel.id not in back else ():
            if sha in shelf or sha in truth.rolled_back_pictures:
                continue
            for phone in _holders(world, one):
                if not phone.shut and not (phone.disk.root / "album" / sha).exists():
                    raise Broken("a picture deleted without the bureau's word", sha[:8])


def rest(world: World) -> None:
    """Everything, at the end."""
    with world.machine.unharmed():
        found = rows(world.machine.store)
    rounds = [phone.rounds for phone in world.phones.values()]
    tables = [(name, sorted(map(repr, some))) for name, some in sorted(found.items())]
    world.trace = sha256(repr((tables, rounds)).encode()).hexdigest()[:16]
    for law in LAWS:
        law(world, found)


def nothing_broke(world: World, _: Rows) -> None:
    if world.machine.broken:
        raise Broken("an error that nobody foresaw", world.machine.broken[0])
    for phone in world.phones.values():
        if phone.memory.ledger_broken():
            raise Broken("two stories in the ledger", f"phone {phone.name}")
        if phone.notebook.remembered("torn"):
            raise Broken("a notebook was torn", f"phone {phone.name}")
        if list(phone.disk.root.rglob("*.torn")):
            raise Broken("a picture was torn", f"phone {phone.name}")
        if phone.road.speech.misjudged:
            raise Broken("something unheard of was not refused as such")


def no_picture_is_blamed(world: World, _: Rows) -> None:
    """All pictures here are good: whatever was said about one, it is not refused."""
    for phone in world.phones.values():
        blamed = {why for one in phone.rounds for why in one.photos_refused.values()}
        if blamed - {"picture_missing"}:
            raise Broken("a good picture was blamed", f"phone {phone.name} {sorted(blamed)}")


def nothing_lost(world: World, found: Rows) -> None:
    """Everything sealed and not undone is recorded, or its refusal is shown to the worker, or its
    phone was revoked, handed it over to quarantine and said so."""
    here = {row["digest"] for row in found["arrivals"]}
    aside = {row["digest"] for row in found["quarantine"]}
    lost = []
    for digest, one in world.truth.sealed.items():
        if digest in here or one.undone or not (must(one) or one.handed):
            continue
        if not must(one) and (digest in aside or one.late or (one.unfit and world.restored)):
            continue
        told = any(_told(p, one) for p in _holders(world, one))
        kept = digest in aside or world.restored  # a restored bureau has lost what it refused
        # What an objection doubts may be looked at again already, or no longer be known.
        may_be_refused = one.unfit or one.parcel.kind is ArrivalKind.OBJECTION
        if not (may_be_refused and told and kept):
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


def nobody_waits(world: World, _: Rows) -> None:
    """No report is still on its way for its worker when nothing is on its way."""
    for phone in world.phones.values():
        if waiting := phone.notebook.entries((Stage.SEALED,)):
            raise Broken("a report seems to wait for ever", str(waiting[0].report.id))


def sites_are_as_if_made_now(world: World, _: Rows) -> None:
    """Each lead is of the site of its door, whatever came when, twice, or again."""
    with world.machine.unharmed():
        found = check(world.machine.store)
    if found.wrong or found.unread:
        raise Broken("a lead is not of the site of its door", str(found))


def must(one: Sealed) -> bool:
    """Whether it has to be at the bureau: some phone has held it ever since."""
    return bool(one.holders) and not one.late


def _told(phone: Handset, one: Sealed) -> bool:
    """The bytes are kept, and the worker sees the refusal, unless something newer was made of it
    before it came."""
    parcel = one.parcel
    if phone.memory.refused(parcel.digest) is None:
        return False
    entry = phone.notebook.entry(UUID(parcel.id))
    if entry is None or parcel.kind not in (ArrivalKind.REPORT, ArrivalKind.OBJECTION):
        return False  # nothing else is ever refused here
    if parcel.kind is ArrivalKind.OBJECTION:
        return EventKind.OBJECTION_REFUSED in {line.what for line in entry.story}
    newer = entry.report.revision > parcel.revision or entry.stage in {Stage.DRAFT, Stage.WITHDRAWN}
    return newer or EventKind.REFUSED in {line.what for line in entry.story}


def _holders(world: World, one: Sealed) -> Iterable[Handset]:
    return (world.phones[name] for name in sorted(one.holders))


def _twice(names: Iterable[Any]) -> list[Any]:
    return [name for name, n in Counter(names).items() if n > 1]


LAWS: tuple[Callable[[World, Rows], None], ...] = (
    nothing_broke,
    no_picture_is_blamed,
    nothing_lost,
    nothing_doubled,
    arrivals_are_shown,
    nobody_waits,
    casebook.decisions_are_answered,
    casebook.cases_are_their_steps,
    casebook.followers_have_a_leader,
    casebook.followers_hear_their_leader,
    casebook.followers_hear_all,
    casebook.deadlines_are_of_now,
    casebook.numbers_are_counted,
    casebook.tasks_are_answered,
    casebook.tasks_came_home,
    casebook.complaints_are_their_steps,
    sites_are_as_if_made_now,
    rulings_bind,
    agreement.records_are_the_fold,
    agreement.ledgers_agree,
    agreement.answers_came_home,
    agreement.pictures_are_whole,
)
