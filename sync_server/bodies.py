"""Request bodies within limits: neither long ones nor those that swell when unzipped get in."""

import gzip
import zlib

from fastapi import Request
from starlette.requests import ClientDisconnect

from sync_server.problems import BadHeader, TooLarge, Unreadable

WORTH_ZIPPING = 1024


async def read(request: Request, most: int, most_unzipped: int) -> bytes:
    """The body, unzipped if it says gzip. Raises TooLarge, Unreadable or BadHeader."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal():
        raise BadHeader("Content-Length")
    if int(announced) > most:
        raise TooLarge
    raw = bytearray()
    try:
        async for piece in request.stream():
            raw += piece
            if len(raw) > most:
                raise TooLarge
    except ClientDisconnect as error:
        raise Unreadable("the road broke") from error
    coding = request.headers.get("content-encoding", "identity").lower()
    if coding == "identity":
        return bytes(raw)
    if coding != "gzip":
        raise BadHeader("Content-Encoding")
    return unzipped(bytes(raw), most_unzipped)


def unzipped(raw: bytes, most: int) -> bytes:
    """One gzip member; stops at the limit, however much more it would become."""
    opener = zlib.decompressobj(wbits=31)
    try:
        plain = opener.decompress(raw, most + 1)
    except zlib.error as error:
        raise Unreadable("not gzip") from error
    if len(plain) > most:
        raise TooLarge
    if not opener.eof:
        raise Unreadable("torn gzip")
    return plain


def zipped(plain: bytes, accepted: str) -> tuple[bytes, dict[str, str]]:
    """The body as the client takes it, and the headers that say so."""
    if len(plain) < WORTH_ZIPPING or "gzip" not in accepted.lower():
        return plain, {}
    return gzip.compress(plain, 6, mtime=0), {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
