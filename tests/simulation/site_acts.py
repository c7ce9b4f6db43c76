"""What a supervisor says about sites, and whether it outlives what happens to the bureau."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import select

from sync_server.problems import Problem
from sync_server.sites.rulings import say_different, say_same, take_back, take_out
from sync_server.store import site_rulings
from sync_server.store.engine import Store
from sync_server.store.schema import site_links
from tests.simulation.disk import Dead
from tests.simulation.handset import Handset
from tests.simulation.machine import Down
from tests.simulation.plan import Step
from tests.simulation.world import Broken, World, now
from tests.sync_server.bureau import SUPERVISOR

WHY = "两次去看都是这一处"
Links = Sequence[Any]


async def rule(world: World, _: Handset, step: Step) -> None:
    """A report is taken out of its site, two sites are one or are not, or a ruling is taken
    back."""
    store, done = None, False
    world.truth.rulings = None  # a death may leave it said, or not
    with suppress(Down, Dead, Problem):
        store = world.machine.store
        with store.reading() as tx:
            links = _live(tx.run(select(site_links).where(site_links.c.bureau == tx.bureau)))
        if links:
            RULINGS[step.n % len(RULINGS)](store, links, step.n // len(RULINGS))
            done = True
    if done:
        world.struck(step.do.value)
    look(world)


def look(world: World) -> None:
    """What binds from now on, where that is not known: it has to stay so."""
    if world.truth.rulings is None:
        with suppress(Down, Dead):
            store = world.machine.store
            with world.machine.unharmed(), store.reading() as tx:
                world.truth.rulings = frozenset(site_rulings.all_binding(tx))


def rulings_bind(world: World, _: object) -> None:
    """What was said and not taken back is still said, and a report that was taken out of a site is
    not in it."""
    store = world.machine.store
    with world.machine.unharmed(), store.reading() as tx:
        found = frozenset(site_rulings.all_binding(tx))
        links = _live(tx.run(select(site_links).where(site_links.c.bureau == tx.bureau)))
    if world.truth.rulings not in (None, found):
        raise Broken("a ruling of a person was lost", str(found))
    linked = {(row.report, row.site) for row in links}
    if back := [each for each in found if (each.report, each.other) in linked]:
        raise Broken("a report came back to the site that it was taken out of", str(back))


def _live(rows: Any) -> Links:
    live = [row for row in rows if row.undone_at is None]
    return sorted(live, key=lambda row: (row.door == "", row.report))


def _out(store: Store, links: Links, n: int) -> None:
    named = [row for row in links if row.door]
    if named:
        take_out(store, SUPERVISOR, named[n % len(named)].report, WHY, now())


def _same(store: Store, links: Links, n: int) -> None:
    say_same(store, SUPERVISOR, _pair(links, n), WHY, now())


def _different(store: Store, links: Links, n: int) -> None:
    say_different(store, SUPERVISOR, _pair(links, n), WHY, now())


def _back(store: Store, _: Links, n: int) -> None:
    with store.reading() as tx:
        bound = sorted(each.n for each in site_rulings.all_binding(tx))
    if bound:
        take_back(store, SUPERVISOR, bound[n % len(bound)], now())


def _pair(links: Links, n: int) -> tuple[str, str]:
    return links[n % len(links)].site, links[n // len(links) % len(links)].site


RULINGS: tuple[Callable[[Store, Links, int], None], ...] = (_out, _same, _out, _different, _back)
