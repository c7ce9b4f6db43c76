"""Turns counts of what happened often into rows of the audit log, when their minute is over."""

import asyncio
from contextlib import suppress
from datetime import datetime

from sync_server.problems import Problem
from sync_server.settings import Clock
from sync_server.store import audit_log
from sync_server.store.engine import Store

EVERY_S = 300


async def add_repeats_forever(store: Store, clock: Clock) -> None:
    """Adds what is due, now and every five minutes, until cancelled."""
    while True:
        with suppress(Problem):  # busy or full: it is tried again
            await asyncio.to_thread(add_repeats, store, clock())
        await asyncio.sleep(EVERY_S)


def add_repeats(store: Store, now: datetime) -> None:
    """Adds what is due; writes nothing if nothing is."""
    with store.reading() as tx:
        due = audit_log.has_repeats(tx, now)
    if due:
        with store.writing() as tx:
            audit_log.add_repeats(tx, now)
