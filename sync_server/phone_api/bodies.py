"""Reads request bodies within limits, as sent and unzipped, and writes zipped responses."""

import gzip
import zlib
from dataclasses import dataclass

from fastapi import Request, Response
from starlette.requests import ClientDisconnect

from sync_server.problems import BadHeader, TooLarge, UnreadableRequest

WORTH_ZIPPING = 200  # bytes of a response; docs/protocol.md says so
# For answers that hold a token or what somebody wrote. Our phones name no User-Agent and are spared
# 60 bytes a call: nothing keeps or shows an answer to POST that does not say so itself.
PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
CODINGS = frozenset({"identity", "gzip"})
# A body of more than ROOM bytes may unzip to MOST_SWELLING times what was sent: fifty reports to
# twenty times, and a body of zeros to a thousand. ROOM is four times the largest arrival.
MOST_SWELLING, ROOM = 50, 256 * 1024


@dataclass(frozen=True, slots=True)
class RequestBody:
    """A body as it was sent; `coding` is gzip or identity."""

    raw: bytes
    coding: str

    def plain(self, most: int) -> bytes:
        """The body, unzipped if it is zipped; at most `most` bytes, and no more than it may swell
        to. Raises TooLarge or UnreadableRequest. Blocks."""
        if self.coding == "gzip":
            return unzip(self.raw, min(most, max(ROOM, MOST_SWELLING * len(self.raw))))
        if len(self.raw) > most:
            raise TooLarge
        return self.raw

    def is_small(self, most: int) -> bool:
        """Whether it has at most `most` bytes, zipped or unzipped; takes no longer if it has
        more."""
        if self.coding == "identity" or len(self.raw) > most:
            return len(self.raw) <= most
        opener = zlib.decompressobj(wbits=31)
        try:
            return len(opener.decompress(self.raw, most + 1)) <= most
        except zlib.error:  # reading it will say so
            return True


async def read_body(request: Request, most: int) -> RequestBody:
    """Reads a body of at most `most` bytes. Raises TooLarge, as soon as it is known to be longer;
    UnreadableRequest if the connection is lost; BadHeader."""
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
        raise UnreadableRequest("connection lost") from error
    return RequestBody(bytes(raw), coding)


def is_small(request: Request, most: int) -> bool:
    """Whether Content-Length says that the body is at most `most` bytes."""
    announced = request.headers.get("content-length", "")
    return announced.isdecimal() and int(announced) <= most


def unzip(raw: bytes, most: int) -> bytes:
    """Unzips one gzip member. Stops at `most` bytes and raises TooLarge, however much more it would
    become; raises UnreadableRequest if it is damaged."""
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
    """A response of JSON bytes, zipped from WORTH_ZIPPING bytes on if the client accepts gzip."""
    headers = dict(PRIVATE) if "user-agent" in request.headers else {}
    if len(plain) >= WORTH_ZIPPING and "gzip" in request.headers.get("accept-encoding", "").lower():
        plain, headers["Content-Encoding"] = gzip.compress(plain, 6, mtime=0), "gzip"
    return Response(plain, status, headers, media_type="application/json")
