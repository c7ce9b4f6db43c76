"""Request bodies within limits: neither long ones nor those that swell when unzipped get in."""

import gzip
import zlib
from dataclasses import dataclass

from fastapi import Request, Response
from starlette.requests import ClientDisconnect

from sync_server.problems import BadHeader, TooLarge, UnreadableRequest

WORTH_ZIPPING = 200
CODINGS = frozenset({"identity", "gzip"})


@dataclass(frozen=True, slots=True)
class RequestBody:
    """A body as it came."""

    raw: bytes
    coding: str

    def plain(self, most: int) -> bytes:
        """Unzipped if it says gzip. Raises TooLarge or Unreadable. Blocks."""
        return self.raw if self.coding == "identity" else unzipped(self.raw, most)


async def read_body(request: Request, most: int) -> RequestBody:
    """The body as it came. Raises TooLarge before it is all read, Unreadable or BadHeader."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal():
        raise BadHeader("Content-Length")
    if int(announced) > most:
        raise TooLarge
    coding = request.headers.get("content-encoding", "identity").lower()
    if coding not in CODINGS:
        raise BadHeader("Content-Encoding")
    raw = bytearray()
    try:
        async for piece in request.stream():
            raw += piece
            if len(raw) > most:
                raise TooLarge
    except ClientDisconnect as error:
        raise UnreadableRequest("the road broke") from error
    return RequestBody(bytes(raw), coding)


def is_small(request: Request, most: int) -> bool:
    """Whether the body says beforehand that it is no longer than that."""
    announced = request.headers.get("content-length", "")
    return announced.isdecimal() and int(announced) <= most


def unzipped(raw: bytes, most: int) -> bytes:
    """One gzip member; stops at the limit, however much more it would become."""
    opener = zlib.decompressobj(wbits=31)
    try:
        plain = opener.decompress(raw, most + 1)
    except zlib.error as error:
        raise UnreadableRequest("not gzip") from error
    if len(plain) > most:
        raise TooLarge
    if not opener.eof:
        raise UnreadableRequest("torn gzip")
    return plain


def respond(request: Request, plain: bytes, status: int = 200) -> Response:
    """JSON bytes, zipped where that is worth it and wanted."""
    headers = {}
    if len(plain) >= WORTH_ZIPPING and "gzip" in request.headers.get("accept-encoding", "").lower():
        plain, headers["Content-Encoding"] = gzip.compress(plain, 6, mtime=0), "gzip"
    return Response(plain, status, headers, media_type="application/json")
