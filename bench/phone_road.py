"""One trip to the real server, counted: requests, and bytes each way on the wire (without TLS)."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from bench.running import running, settled
from demo.play import draft
from demo.pocket import Pocket
from demo.road import Road, Way
from fieldapp.adapters.httpx_link import HttpxLink
from fieldapp.device.access_token import StoredCredentials
from sync_server.accounts.phones import new_code
from sync_server.store.engine import Store

POST = "bench000"


@dataclass(frozen=True, slots=True)
class Trip:
    """What one trip cost."""

    requests: int
    up: int
    down: int


class Counting(httpx.AsyncHTTPTransport):
    """The link's own transport; counts what passes."""

    requests = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        return await super().handle_async_request(request)


def trips(folder: Path) -> tuple[Trip, Trip]:
    """A trip with nothing to do, and one with a text-only report, after the first ones."""
    folder.mkdir()
    settings, _ = settled(folder, f"sqlite:///{folder}/bureau.db", 1)
    store = Store.open(settings.database, settings.bureau)
    with store.writing() as tx:
        code = new_code(tx, POST, datetime.now(UTC), 3600)
    store.close()
    with running(settings) as server:
        return asyncio.run(_trips(folder / "phone", server.port, code))


async def _trips(folder: Path, port: int, code: str) -> tuple[Trip, Trip]:
    async with AsyncExitStack() as stack:
        road = await stack.enter_async_context(Road(port))
        phone = await stack.enter_async_context(Pocket(folder))
        transport = Counting()
        link = HttpxLink(StoredCredentials(phone.memory, phone.safe), transport)
        stack.push_async_callback(link.close)
        phone.courier = phone.courier_over(link)
        await phone.courier.enrol(code, "bench", road.address)
        await _trip(phone, road, transport)  # brings the reference data
        phone.sealed(draft(phone, ()))
        await _trip(phone, road, transport)  # brings the first link of the ledger
        idle = await _trip(phone, road, transport)
        phone.sealed(draft(phone, ()))
        return idle, await _trip(phone, road, transport)


async def _trip(phone: Pocket, road: Road, transport: Counting) -> Trip:
    before = transport.requests, road.carried[Way.UP], road.carried[Way.DOWN]
    done = await phone.courier.round()
    if done.why or done.waiting:
        raise RuntimeError(done.why)
    after = transport.requests, road.carried[Way.UP], road.carried[Way.DOWN]
    return Trip(*(now - then for now, then in zip(after, before, strict=True)))
