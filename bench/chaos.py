"""A bad road on loopback: a TCP proxy that is as slow, lossy and short-lived as a mobile link.

What it does to what travels over it, each way:

- *rate*: bytes leave one after the other at the link's pace, all connections together. Receive
  buffers are small: a sender feels it at once.
- *latency*: a segment arrives half a round trip after it left; a new connection waits a whole one.
- *loss*: each segment of 1,400 bytes is lost with this chance. TCP sends it again: its bytes travel
  once more, and all behind it wait, a round trip the first time (200 ms at least), twice as long
  each time after that.
- *window*: a sender has at most one bandwidth-delay product under way, two segments at least, and
  waits for the other end to have it.
- *cut*: after so many bytes, both ways together, a connection is reset at both ends. What was under
  way is lost.
- *silence*: one connection is not reset: all that is sent on it disappears, and nobody is told.
- *portal*: whoever asks anything is shown a login page, until `heal()`.

Bytes are TCP's payload that the link carried, arrived or not; a TCP/IP header of 40 bytes a
segment and TLS come on top on a real road.
"""

import asyncio
import random
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Queue = asyncio.Queue[tuple[float, bytes]]
SEGMENT = 1400
SHORTEST_STALL_S = 0.2
RECEIVES = 4096
LOGIN = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 45\r\nConnection: close\r\n\r\n"
    b"<html><title>Sign in to our Wi-Fi</title></ht"
)


@dataclass(frozen=True, slots=True)
class Link:
    """One kind of road. Rates in bytes a second, times in seconds, `cut_kb` from and to."""

    rate: float
    rtt: float
    loss: float = 0
    cut_kb: tuple[float, float] | None = None
    share: float = 1  # of the connections that are cut at all
    silent: bool = False  # there is one cut, and it says nothing

    def product(self) -> float:
        """Bandwidth x delay: the bytes that are under way when the link is full."""
        return self.rate * self.rtt


CLEAR = Link(rate=1e9, rtt=0)


@dataclass(slots=True)
class Meter:
    """What the link carried."""

    up: int = 0
    down: int = 0
    again: int = 0  # of these, what TCP itself sent once more
    cuts: int = 0
    connections: int = 0


@dataclass(slots=True)
class Chaos:
    """`async with Chaos(port, dice).open() as road`; `link` may be changed under way."""

    target: int
    dice: random.Random
    link: Link = CLEAR
    portal: bool = False
    meter: Meter = field(default_factory=Meter)
    port: int = 0
    _free: dict[str, float] = field(default_factory=lambda: {"up": 0.0, "down": 0.0})
    _trips: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def heal(self) -> None:
        """The login page is gone."""
        self.portal = False

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Chaos"]:
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVES)
        door.bind(("127.0.0.1", 0))
        self.port = door.getsockname()[1]
        server = await asyncio.start_server(self._arrive, sock=door, limit=SEGMENT)
        try:
            yield self
        finally:
            server.close()
            for trip in self._trips:
                trip.cancel()
            await asyncio.gather(*self._trips, return_exceptions=True)

    def _arrive(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        trip = asyncio.create_task(self._carry(here, back))
        self._trips.add(trip)
        trip.add_done_callback(self._trips.discard)

    async def _carry(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        self.meter.connections += 1
        await asyncio.sleep(self.link.rtt)
        if self.portal:
            await here.read(SEGMENT)
            back.write(LOGIN)
            await back.drain()
            back.close()
            return
        there, onward = await asyncio.open_connection("127.0.0.1", self.target, limit=SEGMENT)
        trip = Trip(self, self._fate())
        pumps = [
            asyncio.create_task(trip.pump(here, onward, "up")),
            asyncio.create_task(trip.pump(there, back, "down")),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            _reset(back)
            _reset(onward)

    def _fate(self) -> float | None:
        """After how many bytes this connection is cut."""
        is_over = self.link.silent and self.meter.cuts > 0
        if self.link.cut_kb is None or is_over or self.dice.random() >= self.link.share:
            return None
        return self.dice.uniform(*self.link.cut_kb) * 1024

    async def pass_on(self, way: str, size: int) -> float:
        """Waits while `size` bytes leave; returns when they will have arrived."""
        loop, link, stall, sends = asyncio.get_running_loop(), self.link, 0.0, 1
        while self.dice.random() < link.loss:
            stall += max(SHORTEST_STALL_S, link.rtt) * 2 ** min(sends - 1, 5)
            sends += 1
        left = max(loop.time(), self._free[way]) + sends * size / link.rate
        self._free[way] = left
        await asyncio.sleep(left - loop.time())
        setattr(self.meter, way, getattr(self.meter, way) + sends * size)
        self.meter.again += (sends - 1) * size
        return left + link.rtt / 2 + stall


class Trip:
    """One connection."""

    def __init__(self, road: Chaos, fate: float | None) -> None:
        self._road, self._left = road, fate
        self._is_silent = False
        self._under_way = {"up": 0, "down": 0}
        self._arrived = asyncio.Condition()

    async def pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, way: str
    ) -> None:
        """Ends when one end closes, or when the road is cut."""
        sink.transport.set_write_buffer_limits(0)
        under_way: Queue = asyncio.Queue()
        arriving = asyncio.create_task(self._arriving(under_way, sink, way))
        try:
            with suppress(ConnectionError):
                while piece := await source.read(SEGMENT):
                    await self._admitted(way, len(piece))
                    due = await self._road.pass_on(way, len(piece))
                    if self._is_cut(len(piece)):
                        return
                    under_way.put_nowait((due, piece))
                await under_way.join()
        finally:
            arriving.cancel()

    async def _admitted(self, way: str, size: int) -> None:
        window = max(2 * SEGMENT, self._road.link.product())
        async with self._arrived:
            await self._arrived.wait_for(lambda: self._under_way[way] + size <= window)
            self._under_way[way] += size

    async def _arriving(self, under_way: Queue, sink: asyncio.StreamWriter, way: str) -> None:
        loop = asyncio.get_running_loop()
        with suppress(ConnectionError):
            while True:
                due, piece = await under_way.get()
                await asyncio.sleep(due - loop.time())
                if self._is_silent:
                    return
                sink.write(piece)
                await sink.drain()
                under_way.task_done()
                async with self._arrived:
                    self._under_way[way] -= len(piece)
                    self._arrived.notify_all()

    def _is_cut(self, size: int) -> bool:
        if self._left is None or self._is_silent:
            return False
        self._left -= size
        if self._left > 0:
            return False
        self._road.meter.cuts += 1
        self._is_silent = self._road.link.silent
        return not self._is_silent


def _reset(writer: asyncio.StreamWriter) -> None:
    line = writer.get_extra_info("socket")
    with suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
