"""A small real server for pictures by tus 1.0.0, on a road that can be cut at any byte."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256

PHOTOS = "/v1/photos/"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class Asked:
    """One request as it arrived; `body` is what came before a cut."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass(slots=True)
class Road:
    """Uploads by path. `cuts`: after how many bytes of body the next requests with one are cut
    off. `gone` uploads are answered 404. `confirmed` replaces the digest that the server saw."""

    port: int = 0
    uploads: dict[str, bytearray] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    confirmed: str | None = None
    forever: bool = False  # the last cut comes again and again
    whole_replies: list[bytes] = field(default_factory=list)  # said instead, once each

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def begin(self, path: str, length: int, content: bytes = b"") -> None:
        self.uploads[path], self.lengths[path] = bytearray(content), length

    def methods(self) -> list[str]:
        return [one.method for one in self.asked]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await self._read(reader):
                self.asked.append(request)
                await self._take(request, reader)
                writer.write(self._answer(request))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.transport.abort()
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Asked | None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError:
            return None
        first, *lines = head.rstrip().split("\r\n")
        method, path, _ = first.split(" ")
        headers = {key.lower(): text for key, _, text in (one.partition(": ") for one in lines)}
        return Asked(method, path, headers)

    async def _take(self, asked: Asked, reader: asyncio.StreamReader) -> None:
        """Every byte that came before a cut is kept, as a good server does."""
        length = int(asked.headers.get("content-length", 0))
        cut = self.cuts[0] if self.cuts and length else length
        if length and self.cuts and not (self.forever and len(self.cuts) == 1):
            self.cuts.pop(0)
        if asked.method == "POST" and asked.path == PHOTOS and not self.whole_replies:
            name = f"{PHOTOS}u{len(self.uploads) + 1}"
            self.begin(name, int(asked.headers["upload-length"]))
            asked.path = name
        while len(asked.body) < min(cut, length):
            piece = await reader.read(min(cut, length) - len(asked.body))
            if not piece:
                break
            asked.body += piece
        fits = str(len(self.uploads.get(asked.path, b""))) == asked.headers.get(
            "upload-offset", "0"
        )
        if asked.path in self.uploads and asked.path not in self.gone and fits:
            self.uploads[asked.path] += asked.body
            asked.headers["fits"] = "yes"
        if cut < length:
            raise ConnectionResetError

    def _reached(self, path: str) -> int:
        return len(self.uploads.get(path, b""))

    def _answer(self, asked: Asked) -> bytes:
        if self.whole_replies:
            return self.whole_replies.pop(0)
        if asked.path not in self.uploads or asked.path in self.gone:
            return said(404)
        if asked.method == "PATCH" and "fits" not in asked.headers:
            return said(409)
        kept = bytes(self.uploads[asked.path])
        headers = {"Upload-Offset": str(len(kept))}
        if asked.method == "POST":
            headers["Location"] = asked.path
        if len(kept) == self.lengths[asked.path]:
            headers["Photo-Digest"] = self.confirmed or sha256(kept).hexdigest()
        return said({"POST": 201, "HEAD": 200}.get(asked.method, 204), headers)


def said(status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """A whole response of a server that speaks tus."""
    all_ = {"Tus-Resumable": "1.0.0"} | (headers or {})
    if status != 204:
        all_["Content-Length"] = str(len(body))
    lines = "".join(f"{key}: {text}\r\n" for key, text in all_.items())
    return f"HTTP/1.1 {status} OK\r\n{lines}\r\n".encode() + body


def named(asked: Asked) -> dict[str, str]:
    """What an upload was announced as."""
    pairs = (one.split(" ") for one in asked.headers["upload-metadata"].split(","))
    return {key: b64decode(text).decode() for key, text in pairs}


@asynccontextmanager
async def a_server(serve: Serve) -> AsyncIterator[int]:
    """A port where `serve` answers."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def a_road() -> AsyncIterator[Road]:
    road = Road()
    async with a_server(road.serve) as road.port:
        yield road
