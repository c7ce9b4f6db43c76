"""A TCP road on loopback that can be closed, cut after so many bytes, or lose a reply."""

import asyncio
import socket
from contextlib import suppress
from enum import StrEnum
from time import monotonic as now
from typing import Self

PIECE = 4096
SILENCE_S = 0.02


class Way(StrEnum):
    """Up is towards the bureau, down is home."""

    UP = "up"
    DOWN = "down"


class Cut(Exception):
    """The road broke under what was travelling on it."""


class Road:
    """Carries connections to one port of this machine, and fails them on demand.

    `cut(way, after)` breaks every connection once, when `after` more bytes went that way: with
    Way.DOWN and 0 the bureau's reply is lost though it did its work. After the cut the road is
    whole again. `close()` refuses everything until `open()`. `pace` is the time that one PIECE
    takes, in seconds; what comes after a silence comes `delay` seconds later still.
    """

    def __init__(self, target: int, pace: float = 0, delay: float = 0) -> None:
        self.target, self.pace, self.delay = target, pace, delay
        self.closed = False
        self.carried = {Way.UP: 0, Way.DOWN: 0}
        self._left: dict[Way, int | None] = {Way.UP: None, Way.DOWN: None}
        self._travellers: set[asyncio.StreamWriter] = set()
        self._trips: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """Where a phone finds the bureau over this road."""
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    async def __aenter__(self) -> Self:
        door = socket.create_server(("127.0.0.1", 0))
        # Small, else this machine swallows a whole photo at once and no road is slow.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * PIECE)
        self._server = await asyncio.start_server(self._arrive, sock=door, limit=PIECE)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.close()
        await asyncio.gather(*self._trips, return_exceptions=True)

    def cut(self, way: Way, after: int) -> None:
        """Break the road once, `after` bytes from now."""
        self._left[way] = after

    def close(self) -> None:
        """No network: open connections die, new ones are refused."""
        self.closed = True
        for writer in list(self._travellers):
            writer.transport.abort()

    def open(self) -> None:
        """The network is back."""
        self.closed = False

    def _arrive(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        trip = asyncio.create_task(self._carry(here, back))
        self._trips.add(trip)
        trip.add_done_callback(self._trips.discard)

    async def _carry(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        if self.closed:
            back.transport.abort()
            return
        there, onward = await asyncio.open_connection("127.0.0.1", self.target)
        self._travellers |= {back, onward}
        for writer in (back, onward):  # what was carried over has arrived: nothing waits in between
            writer.transport.set_write_buffer_limits(0)
        pumps = {
            asyncio.create_task(self._pump(here, onward, Way.UP)),
            asyncio.create_task(self._pump(there, back, Way.DOWN)),
        }
        _, rest = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in rest:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        back.transport.abort()
        onward.close()  # a reset would take back what the other end has not read yet
        self._travellers -= {back, onward}

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, way: Way
    ) -> None:
        with suppress(ConnectionError, Cut):
            asked = now()
            while piece := await source.read(PIECE):
                if now() - asked > SILENCE_S:
                    await asyncio.sleep(self.delay)
                sink.write(self._toll(piece, way))
                await sink.drain()
                await asyncio.sleep(self.pace * len(piece) / PIECE)
                asked = now()
                if self._left[way] == -1:
                    self._left[way] = None
                    raise Cut

    def _toll(self, piece: bytes, way: Way) -> bytes:
        left = self._left[way]
        if left is not None:
            self._left[way] = left - len(piece) if len(piece) <= left else -1
            piece = piece[:left]
        self.carried[way] += len(piece)
        return piece
