"""Purges what the bureau has kept for long enough (rule L12): complaints with the tasks that were
made for them, and rooms of closed cases."""

import asyncio
from contextlib import suppress
from datetime import datetime

from sync_server.domain.retention import PurgeBounds, Retention, is_case_over
from sync_server.problems import Problem
from sync_server.settings import Clock
from sync_server.store import audit_log, complaints, rooms, tasks, tombstones
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import Store, Tx

EVERY_S = 3_600
AT_ONCE = 200  # complaints in one transaction
BY_ITSELF = "retention"  # in the audit log: no person does it


async def purge_forever(store: Store, kept: Retention, clock: Clock) -> None:
    """Purges what is over, now and every hour, until cancelled."""
    while True:
        with suppress(Problem):  # busy or full: it is tried again
            await asyncio.to_thread(purge, store, kept, clock())
        await asyncio.sleep(EVERY_S)


def purge(store: Store, kept: Retention, now: datetime) -> None:
    """Purges all that is over; writes nothing if nothing is."""
    while _purge_some(store, PurgeBounds.of(kept, now), now):
        pass
    with store.reading() as tx:
        over = _rooms_over(tx, kept, now)
    for record in over:
        with store.writing() as tx:
            tx.claim(f"record/{record}")
            if record in _rooms_over(tx, kept, now) and rooms.purge(tx, record):
                _note(tx, "purge_room", record, now)


def _purge_some(store: Store, bounds: PurgeBounds, now: datetime) -> bool:
    """Some complaints whose time is over; whether there were any."""
    with store.reading() as tx:
        if not complaints.over(tx, bounds, 1):
            return False
    with store.writing() as tx:
        numbers = complaints.over(tx, bounds, AT_ONCE)
        tasks.purge_of_complaints(tx, numbers)
        complaints.purge(tx, numbers)
        tombstones.add(tx, tombstones.COMPLAINT, numbers, now)
        for number in numbers:
            _note(tx, "purge_complaint", number, now)
    return True


def _rooms_over(tx: Tx, kept: Retention, now: datetime) -> list[str]:
    held = rooms.held(tx)
    return [row.record for row in held if is_case_over(row.state, row.changed_at, kept, now)]


def _note(tx: Tx, what: str, subject: str, now: datetime) -> None:
    audit_log.note(tx, AuditEntry(now, BY_ITSELF, what, subject))
