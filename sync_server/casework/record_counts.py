"""How many records there are about each building: counted now and then, apart from phones'
calls."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from contract.address import key
from contract.cases import CONCLUDED
from sync_server import problems
from sync_server.settings import Clock
from sync_server.store import places, reference
from sync_server.store.engine import Store

RECOUNT_S = 6 * 3600  # after each count every phone of a grid may be sent a few hundred bytes
EDITION_AGE = timedelta(days=60)
Counts = dict[tuple[str, str], tuple[int, int]]  # (compound, building) → (all, closed)


async def count_forever(store: Store, clock: Clock) -> None:
    """Counts now and every six hours, until cancelled."""
    while True:
        with suppress(problems.Problem):  # the database is busy or full: try again next time
            await asyncio.to_thread(recount, store, clock())
        await asyncio.sleep(RECOUNT_S)


def recount(store: Store, now: datetime) -> bool:
    """Counts all records; True if a number changed, which phones are then sent with their next
    call. Also forgets editions that no phone should hold any more."""
    with store.reading() as tx:
        found = count_by_building(reference.by_place_and_state(tx), places.buildings(tx))
        same = found == reference.counts(tx)
        old = reference.old_editions(tx, now - EDITION_AGE)
    if old or not same:  # so that a start of the program alone writes nothing
        with store.writing() as tx:
            reference.forget_editions(tx, old)
            if not same:
                reference.replace_counts(tx, found)
    return not same


def count_by_building(
    numbers: Iterable[tuple[str, str, int]], known: Iterable[tuple[str, str]]
) -> Counts:
    """Adds up (place key, state, number of records) by the buildings and compounds that the bureau
    knows. A place that a worker described in words is left out: it must not reach other phones."""
    every, closed = Counter[str](), Counter[str]()
    for place, state, number in numbers:
        building = place.rpartition("/")[0]  # the place key is compound/building/unit
        for counted in {building, f"{building.partition('/')[0]}/"}:
            every[counted] += number
            closed[counted] += number if state in CONCLUDED else 0
    keys = {one: key(one[0], one[1], None).rpartition("/")[0] for one in known}
    return {one: (every[place], closed[place]) for one, place in keys.items() if every[place]}
