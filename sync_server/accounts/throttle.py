"""Slows down who guesses: after a few wrong tries each next one has to wait, longer and longer."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address

from sync_server.problems import Problem
from sync_server.settings import Clock
from sync_server.store import tries
from sync_server.store.engine import Store, Tx

KEPT = timedelta(days=1)  # a count to which nothing is added
MOST_KEPT = 100_000  # counts: who has many addresses cannot fill the disk
SWEEP_S = 3_600


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` wrong tries, then a wait of `first`, doubled with each next one up to `longest`. A
    count is over when nothing was added to it for `longest`."""

    free: int
    first: timedelta
    longest: timedelta

    def wait(self, count: int) -> timedelta | None:
        """How long to wait after this many wrong tries; None for not at all."""
        if count < self.free:
            return None
        doubled: timedelta = self.first * 2 ** min(count - self.free, 10)
        return min(self.longest, doubled)


class Throttled(Exception):
    """Too many wrong tries; the next one is allowed at `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until

    def seconds(self, now: datetime) -> int:
        """How many whole seconds to wait, at least one."""
        return max(1, int((self.until - now).total_seconds()) + 1)


Limits = Mapping[str, Limit]  # by subject


def subject(*parts: str) -> str:
    """What tries are counted for, as it is stored: nobody's address can be read there."""
    return sha256("\x1f".join(parts).encode()).hexdigest()


def network_of(address: str) -> str:
    """The network that tries are counted for: an IPv4 address itself, the /64 of an IPv6 address,
    for whoever has one of its addresses has all."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return found.exploded[:19] + "::/64"


def check(tx: Tx, limits: Limits, now: datetime) -> None:
    """Raises Throttled if one of these has to wait."""
    for name in limits:
        row = tries.one(tx, name)
        if row and row.until and row.until > now:
            raise Throttled(row.until)


def count_try(tx: Tx, limits: Limits, now: datetime) -> None:
    """Counts one try as wrong for each of these, before it is checked, so that many at once cannot
    pass the limit. Raises Throttled, and counts nothing, if one has to wait."""
    tx.claim(*(f"tries/{name}" for name in limits))
    check(tx, limits, now)
    for name, limit in limits.items():
        row = tries.one(tx, name)
        count = row.wrong + 1 if row and now - row.last_at < limit.longest else 1
        wait = limit.wait(count)
        tries.put(tx, name, count, now + wait if wait else None, now)


def take_back(tx: Tx, limits: Limits, now: datetime) -> None:
    """The last try was right: it is not counted."""
    tx.claim(*(f"tries/{name}" for name in limits))
    for name in limits:
        row = tries.one(tx, name)
        if row and row.wrong > 1:
            tries.put(tx, name, row.wrong - 1, None, now)
        else:
            tries.forget(tx, [name])


async def sweep_forever(store: Store, clock: Clock) -> None:
    """Sweeps now and every hour, until cancelled."""
    while True:
        with suppress(Problem):  # busy or full: it is tried again in an hour
            await asyncio.to_thread(sweep, store, clock())
        await asyncio.sleep(SWEEP_S)


def sweep(store: Store, now: datetime) -> None:
    """Forgets old counts."""
    with store.writing() as tx:
        oldest = tries.last_but(tx, MOST_KEPT)
        tries.forget_before(tx, max(oldest, now - KEPT) if oldest else now - KEPT)
