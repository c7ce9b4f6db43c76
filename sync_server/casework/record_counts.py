"""Counts the records of each building anew now and then, in case a number that is kept with them is
wrong: after a repair by hand, or from before they were kept."""

import asyncio
from collections import defaultdict
from contextlib import suppress
from datetime import datetime, timedelta

from sync_server import problems
from sync_server.settings import Clock
from sync_server.store import lead_counts, reference
from sync_server.store.engine import Store, Tx
from sync_server.store.lead_counts import Building, CountChanges, Numbers, buildings_of

RECOUNT_S = 6 * 3600
EDITION_AGE = timedelta(days=60)
TRIES = 5


async def count_forever(store: Store, clock: Clock) -> None:
    """Counts now and every six hours, until cancelled."""
    while True:
        with suppress(problems.Problem):  # the database is busy or full: try again next time
            await asyncio.to_thread(recount, store, clock())
        await asyncio.sleep(RECOUNT_S)


def recount(store: Store, now: datetime) -> bool:
    """Counts all records; True if a number was wrong, which is then put right. Also forgets
    editions that no phone should hold any more."""
    wrong = _wrong_numbers(store)
    with store.reading() as tx:
        old = reference.old_editions(tx, now - EDITION_AGE)
    if old or wrong:  # so that a start of the program alone writes nothing
        with store.writing() as tx:
            reference.forget_editions(tx, old)
            for building, numbers in wrong.items():
                tx.last(CountChanges).add_to(building, numbers)
    return bool(wrong)


def _wrong_numbers(store: Store) -> dict[Building, Numbers]:
    """By how much each number is wrong. What changes meanwhile is added to it, so that both can
    happen in either order; {} if it changes all the time."""
    for _ in range(TRIES):
        with store.reading() as tx:
            before, found, held = lead_counts.number(tx), _found(tx), lead_counts.held(tx)
            if lead_counts.number(tx) == before:  # else they may be of two moments
                both = {
                    one: (found.get(one, (0, 0)), held.get(one, (0, 0))) for one in found | held
                }
                return {one: (a[0] - b[0], a[1] - b[1]) for one, (a, b) in both.items() if a != b}
    return {}


def _found(tx: Tx) -> dict[Building, Numbers]:
    found = defaultdict[Building, Numbers](lambda: (0, 0))
    for place_key, (n, closed) in lead_counts.counted(tx):
        for building in buildings_of(place_key):
            held = found[building]
            found[building] = (held[0] + n, held[1] + closed)
    return dict(found)
