"""One phone's way to the bureau: the real client above it, the real server below, faults between.

Faults are data: which request of a round, what happens to it, at which byte, for how long.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import NoReturn

import httpx

from tests.simulation.call import Call
from tests.simulation.machine import Down, Machine
from tests.simulation.proxies import STATUSES, Meddling, downward, own_answer, photo_upward, upward
from tests.simulation.versions import Speech

PORTAL = b"<!DOCTYPE html><html><body>Welcome! Please log in.</body></html>"
HTML = {"content-type": "text/html; charset=utf-8"}
PATIENCE_S = 20.0


class Fault(StrEnum):
    """What a road does to one request."""

    REFUSED = "connection refused"
    NO_NAME = "DNS gone"
    CUT_UP = "cut on the way up"
    CUT_DOWN = "cut on the way down"
    LOST = "reply lost after commit"
    SLOW = "delayed"
    ECHO = "duplicated"
    LATE = "reordered"
    PORTAL = "captive portal"
    GATEWAY = "gateway error"
    HALF_OPEN = "half-open"


@dataclass(frozen=True, slots=True)
class Trouble:
    """To the `nth` request of a round (from 0), at byte `at` modulo its length and one, for or
    after so many seconds."""

    fault: Fault
    nth: int = 0
    at: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Sent:
    """A whole request, so that it can be delivered again."""

    method: str
    path: str
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Road(httpx.AsyncBaseTransport):
    """`struck` hears each fault that really struck."""

    def __init__(
        self, machine: Machine, speech: Speech, chance: Random, struck: Callable[[str], None]
    ) -> None:
        self.machine, self.speech = machine, speech
        self._chance, self._struck = chance, struck
        self.arm(())
        self.meddling: Meddling | None = None  # what a proxy on this network does, until it is None
        self.closed = False  # the phone is gone, or there is no network at all

    def arm(self, troubles: tuple[Trouble, ...]) -> None:
        """For the requests that come from now on."""
        self._asked = 0
        self._troubles = {one.nth: one for one in troubles}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        trouble = self._troubles.pop(self._asked, None)
        self._asked += 1
        await asyncio.sleep(self._chance.uniform(0.02, 0.3))
        if self.closed:
            raise httpx.ConnectError("no network")
        if trouble is None:
            return await self._carried(request, None)
        self._struck(trouble.fault.value)
        match trouble.fault:
            case Fault.REFUSED | Fault.NO_NAME:
                raise httpx.ConnectError(trouble.fault.value)
            case Fault.PORTAL:
                return httpx.Response(200, headers=HTML, content=PORTAL)
            case Fault.LATE:
                return await self._late(request, trouble.seconds)
            case Fault.SLOW:
                await asyncio.sleep(trouble.seconds)
        return await self._carried(request, trouble)

    async def _carried(self, request: httpx.Request, trouble: Trouble | None) -> httpx.Response:
        fault = trouble.fault if trouble else None
        head, pieces = await self._spoken(request)
        if self.meddling:
            self._struck(self.meddling.value)
            status = self._chance.choice(STATUSES)
            said = own_answer(self.meddling, status, head.method, head.path, head.headers)
            if said:
                async for _ in pieces:
                    await asyncio.sleep(0)
                return said
        try:
            call = self.machine.call(head.method, head.path, head.headers)
        except Down:
            raise httpx.ConnectError("nobody there") from None
        try:
            body = await self._up(call, head, pieces, trouble)
            if trouble and fault is Fault.ECHO:
                whole = Sent(head.method, head.path, head.headers, body)
                self.machine.later(trouble.seconds, lambda: self._again(whole))
            async with asyncio.timeout(PATIENCE_S):
                await call.answered()
        except TimeoutError:
            raise httpx.ReadTimeout("no answer") from None
        finally:
            if fault is not Fault.HALF_OPEN:
                call.hang_up()
        return self._down(call, trouble)

    async def _up(
        self, call: Call, head: Sent, pieces: AsyncIterator[bytes], trouble: Trouble | None
    ) -> bytes:
        cut = trouble and trouble.fault in {Fault.CUT_UP, Fault.HALF_OPEN}
        length = int(dict(head.headers).get(b"content-length", b"0"))
        most = trouble.at % (length + 1) if trouble and cut else None
        sent = b""
        async for piece in pieces:
            if most is not None and len(sent) + len(piece) > most:
                call.feed(piece[: most - len(sent)])
                await self._broken(call, trouble)
            call.feed(piece)
            sent += piece
            await asyncio.sleep(self._chance.uniform(0.0, 0.05))
            if call.over:
                break  # the server has said no before it had read all
        if most is not None:
            await self._broken(call, trouble)
        call.fed()
        return sent

    async def _broken(self, call: Call, trouble: Trouble | None) -> NoReturn:
        """The client hears of it now, or by silence."""
        if trouble and trouble.fault is Fault.HALF_OPEN:
            await asyncio.sleep(PATIENCE_S)
            raise httpx.ReadTimeout("silence")
        call.hang_up()
        raise httpx.WriteError("connection reset")

    def _down(self, call: Call, trouble: Trouble | None) -> httpx.Response:
        fault = trouble.fault if trouble else None
        if call.status is None or fault is Fault.LOST:
            raise httpx.ReadError("connection reset")
        if fault is Fault.GATEWAY:
            return httpx.Response(502, headers=HTML, content=b"<html>Bad Gateway</html>")
        body, headers = self.speech.told(call.body, call.headers)
        cut = trouble.at % (len(body) + 1) if trouble and fault is Fault.CUT_DOWN else None
        if self.meddling:
            headers = downward(self.meddling, headers)
        return httpx.Response(call.status, headers=headers, stream=_Pieces(body, cut))

    async def _late(self, request: httpx.Request, seconds: float) -> httpx.Response:
        """On the road for so long that the client gave up; then it arrives after all."""
        head, pieces = await self._spoken(request)
        body = b"".join([piece async for piece in pieces])
        whole = Sent(head.method, head.path, head.headers, body)
        self.machine.later(PATIENCE_S + seconds, lambda: self._again(whole))
        await asyncio.sleep(PATIENCE_S)
        raise httpx.ReadTimeout("held back")

    async def _again(self, sent: Sent) -> None:
        """The same request once more; nobody hears what comes of it."""
        with suppress(Down):
            call = self.machine.call(sent.method, sent.path, sent.headers)
            call.feed(sent.body)
            call.fed()
            await call.answered()
            call.hang_up()

    async def _spoken(self, request: httpx.Request) -> tuple[Sent, AsyncIterator[bytes]]:
        """As a phone of this version would have asked it."""
        stream = request.stream
        assert isinstance(stream, httpx.AsyncByteStream)
        headers = [(name.lower(), value) for name, value in request.headers.raw]
        head = Sent(request.method, request.url.path, headers, b"")
        if request.url.path != "/v1/sync":
            if self.meddling and request.url.path.startswith("/v1/photos/"):
                head = replace(head, headers=photo_upward(self.meddling, headers))
            return head, aiter(stream)
        body, changed = self.speech.asked(b"".join([piece async for piece in stream]), headers)
        if self.meddling:
            changed, body = upward(self.meddling, changed, body)
        return Sent(head.method, head.path, changed, b""), _one(body)


async def _one(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 400):  # as packets, so that a cut falls between two as well
        yield body[start : start + 400]


class _Pieces(httpx.AsyncByteStream):
    def __init__(self, body: bytes, cut: int | None) -> None:
        self._body, self._cut = body, cut

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body[: self._cut]
        if self._cut is not None:
            raise httpx.ReadError("connection reset")
