"""A real HTTP door on loopback that answers as a test says, breaks off, or keeps silent."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from contract import wire
from contract.value import Value


@dataclass(slots=True)
class Call:
    """One request as it arrived; `whole` is False when the door broke off within the body. `size`
    counts its bytes on the wire, from the first of the request line to the last of the body."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""
    whole: bool = True
    size: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """`cut_after` breaks the connection after so many bytes of the request's body."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    cut_after: int | None = None
    silent: bool = False


def said(value: Value, status: int = 200) -> Reply:
    return Reply(status, wire.encode(value), kind="application/json; charset=utf-8")


def refused(code: str, status: int) -> Reply:
    body = wire.canonical({"code": code, "status": status, "type": f"urn:xuncha:problem:{code}"})
    return Reply(status, body, kind="application/problem+json")


class Door:
    """`async with Door(reply)`; `reply` is asked before the body is read."""

    def __init__(self, *script: Reply, answer: Callable[[Call], Reply] | None = None) -> None:
        self.script, self.answer, self.calls = list(script), answer, list[Call]()
        self._visits: list[asyncio.Task[None]] = []

    @property
    def address(self) -> str:
        host, port = self._server.sockets[0].getsockname()
        return f"http://{host}:{port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._open, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)

    async def _open(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.current_task()
        assert visit
        self._visits.append(visit)
        try:
            await self._serve(reader, writer)
        finally:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raw = await reader.readuntil(b"\r\n\r\n")
        head = raw.decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        pairs = (line.split(": ", 1) for line in head[1:] if line)
        call = Call(method, path, {name.lower(): value for name, value in pairs})
        self.calls.append(call)
        reply = self.answer(call) if self.answer else self.script.pop(0)
        length = int(call.headers.get("content-length", "0"))
        call.whole = reply.cut_after is None
        call.body = await reader.readexactly(length if call.whole else reply.cut_after or 0)
        call.size = len(raw) + len(call.body)
        if reply.silent:
            await asyncio.sleep(60)
        if call.whole:
            writer.write(_spelled(reply, method))
            await writer.drain()
            writer.close()
            await writer.wait_closed()


def _spelled(reply: Reply, method: str) -> bytes:
    headers = {"Content-Type": reply.kind} if reply.kind else {}
    headers |= reply.headers | {"Content-Length": str(len(reply.body)), "Connection": "close"}
    lines = [f"HTTP/1.1 {reply.status} Said", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + (b"" if method == "HEAD" else reply.body)
