"""Who travels the bad roads: the real phone, tus-js-client, and a form as most programs post it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.chaos import CLEAR, Chaos, Link, Meter
from bench.photographs import SIZE, Jpeg
from bench.running import ROOT, Caller
from contract.report import Photo
from demo.play import draft
from demo.pocket import Pocket
from fieldapp.adapters.httpx_link import HttpxLink
from fieldapp.adapters.httpx_transport import SOCKET_OPTIONS
from fieldapp.courier.courier import Courier
from fieldapp.device.access_token import StoredCredentials

ROUNDS = 60
SEND = ROOT / "tests/interop/send.js"
JS_CLIENT = SEND.parent / "node_modules/tus-js-client"


@dataclass(frozen=True, slots=True)
class Went:
    """One journey: what the link carried for it, and how long it took; `why` it did not arrive."""

    meter: Meter
    seconds: float
    requests: int
    why: str = ""


class Counting(httpx.AsyncHTTPTransport):
    """The link's own transport; counts requests."""

    requests = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        return await super().handle_async_request(request)


class Phone:
    """The field app below its screens, on a road of its own."""

    def __init__(self, pocket: Pocket, road: Chaos) -> None:
        self._pocket, self._road = pocket, road

    @classmethod
    @asynccontextmanager
    async def at(cls, folder: Path, road: Chaos, code: str) -> AsyncIterator["Phone"]:
        """Enrolled, and with the reference data and the first link of its ledger."""
        async with Pocket(folder) as pocket:
            await pocket.courier.enrol(code, "bench", road.address)
            await pocket.courier.round()
            pocket.sealed(draft(pocket, ()))
            await pocket.courier.round()
            yield cls(pocket, road)

    async def carries(self, link: Link, photo: Jpeg | None = None, healed: float = 0) -> Went:
        """Seals one report, with its photo, and goes until nothing waits any more. `healed`: after
        so many seconds the login page of the Wi-Fi is gone."""
        taken = await asyncio.to_thread(self._taken, photo) if photo else ()
        self._pocket.sealed(draft(self._pocket, taken))
        transport = Counting(socket_options=SOCKET_OPTIONS)
        source = StoredCredentials(self._pocket.memory, self._pocket.safe)
        on_the_road = HttpxLink(source, transport)
        courier = self._pocket.courier_over(on_the_road)
        self._road.link, self._road.meter, self._road.portal = link, Meter(), healed > 0
        asyncio.get_running_loop().call_later(healed, self._road.heal)
        began = time.monotonic()
        why = await self._rounds(courier, healed)
        went = Went(self._road.meter, time.monotonic() - began - healed, transport.requests, why)
        self._road.link = CLEAR
        await on_the_road.close()
        return went

    async def _rounds(self, courier: Courier, healed: float) -> str:
        why = ""
        for _ in range(ROUNDS):
            done = await courier.round()
            why = done.why or ""
            waits = self._pocket.notebook.photos(stored=False)
            if not why and not done.waiting and not [one for one in waits if one.due]:
                return ""
            await asyncio.sleep(healed / 5 if self._road.portal else 0)
        return why or "it never arrived"

    def _taken(self, photo: Jpeg) -> tuple[Photo, ...]:
        kept = self._pocket.album.keep(photo.front + photo.rest)
        width, height = SIZE
        now = self._pocket.clock.now()
        return (
            Photo(
                sha256=kept,
                bytes=photo.size,
                width=width,
                height=height,
                taken_at=now,
                redaction_reviewed=True,
            ),
        )


async def tus_js(road: Chaos, link: Link, caller: Caller, file: Path, most_s: float) -> Went:
    """tus-js-client as its makers ship it, against the same server."""
    asked = {
        "endpoint": f"{road.address}/v1/photos/",
        "token": caller.token,
        "file": str(file),
        "options": {"retryDelays": [0, *[100] * 9]},
    }
    road.link, road.meter, began = link, Meter(), time.monotonic()
    ran = await asyncio.create_subprocess_exec(
        "node", str(SEND), json.dumps(asked), stdout=asyncio.subprocess.PIPE
    )
    try:
        said, _ = await asyncio.wait_for(ran.communicate(), most_s)
    except TimeoutError:
        ran.kill()
        return Went(road.meter, time.monotonic() - began, 0, f"not in {most_s:.0f} s")
    told = json.loads(said)
    why = "" if told.get("done") else "gave up"
    return Went(road.meter, time.monotonic() - began, len(told["requests"]), why)


async def a_form(road: Chaos, link: Link, photo: Jpeg, most_s: float) -> Went:
    """One multipart POST, from the beginning each time it is cut: what a plain program does."""
    road.link, road.meter, began, tries = link, Meter(), time.monotonic(), 0
    transport = httpx.AsyncHTTPTransport(socket_options=SOCKET_OPTIONS)
    async with httpx.AsyncClient(transport=transport, trust_env=False, timeout=20) as client:
        while time.monotonic() - began < most_s:
            tries += 1
            try:
                async with asyncio.timeout(most_s - (time.monotonic() - began)):
                    files = {"photo": ("photo.jpg", photo.front + photo.rest, "image/jpeg")}
                    await client.post(road.address, files=files)
            except (httpx.TransportError, TimeoutError):
                continue
            return Went(road.meter, time.monotonic() - began, tries)
    return Went(road.meter, time.monotonic() - began, tries, f"not in {most_s:.0f} s")


@asynccontextmanager
async def a_letter_box() -> AsyncIterator[int]:
    """The simplest server there is for a form: reads it and says thanks. Yields its port."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The road is cut, as it is meant to be here: the sender counts its tries.
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = next(
                line for line in head.split(b"\r\n") if line.startswith(b"content-length")
            )
            await reader.readexactly(int(length.partition(b":")[2]))
            writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
