"""How many leads stand about each building, counted now and then and beside the phones' calls."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from contract.address import key
from sync_server import problems
from sync_server.settings import Clock
from sync_server.store import places, reference
from sync_server.store.engine import Store

RECOUNT_S = 6 * 3600  # each count may cost every phone of a grid a few hundred bytes
EDITION_AGE = timedelta(days=60)
CLOSED = {"70", "71", "72", "73", "80"}
Counts = dict[tuple[str, str], tuple[int, int]]  # compound, building: all, closed


async def count_forever(store: Store, clock: Clock) -> None:
    """Counts now and every six hours, until cancelled."""
    while True:
        with suppress(problems.Problem):  # a busy or full database: the next time will do
            await asyncio.to_thread(recount, store, clock())
        await asyncio.sleep(RECOUNT_S)


def recount(store: Store, now: datetime) -> bool:
    """Counts all leads; whether anything had changed. Phones hear of it with their next call."""
    with store.reading() as tx:
        found = count_by_building(reference.by_place_and_state(tx), places.buildings(tx))
        same = found == reference.counts(tx)
        old = reference.old_editions(tx, now - EDITION_AGE)
    if old or not same:  # else a start of the program writes nothing
        with store.writing() as tx:
            reference.forget_editions(tx, old)
            if not same:
                reference.replace_counts(tx, found)
    return not same


def count_by_building(
    standing: Iterable[tuple[str, str, int]], known: Iterable[tuple[str, str]]
) -> Counts:
    """From (place key, state, number) of all leads, those about buildings and compounds that the
    bureau knows: what somebody described in words stays where it was sent."""
    every, closed = Counter[str](), Counter[str]()
    for place, state, number in standing:
        door = place.rpartition("/")[0]
        for about in {door, f"{door.partition('/')[0]}/"}:
            every[about] += number
            closed[about] += number if state in CLOSED else 0
    named = {one: key(one[0], one[1], None).rpartition("/")[0] for one in known}
    return {one: (every[door], closed[door]) for one, door in named.items() if every[door]}
