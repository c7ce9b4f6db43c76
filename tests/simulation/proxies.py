"""Networks that meddle: what a proxy on the way does to requests and answers."""

import gzip
from enum import StrEnum

import httpx

Headers = list[tuple[bytes, bytes]]
PAGE = b"<html><body>Please sign in</body></html>"
HTML = {"content-type": "text/html; charset=utf-8"}
PHOTOS = "/v1/photos/"
STATUSES = (200, 201, 400, 401, 403, 404, 405, 410, 413, 415, 422, 429, 501)
OVERRIDE = b"x-http-method-override"


class Meddling(StrEnum):
    """What a network does to everything that passes."""

    UNZIPS = "proxy that unzips"
    UNNAMES = "proxy that drops Content-Encoding"
    STRIPS_UP = "proxy that strips Tus-Resumable"
    STRIPS_OFFSET = "proxy that strips Upload-Offset"
    STRIPS_PLACE = "proxy that strips Location"
    STRIPS_DIGEST = "proxy that strips Photo-Digest"
    RETYPES = "proxy that changes Content-Type"
    NO_PATCH = "proxy that forbids PATCH"
    NO_METHODS = "proxy that forbids all but POST"
    HTML = "proxy that answers in HTML"
    PHOTO_HTML = "proxy that answers photos in HTML"


STRIPPED = {
    Meddling.STRIPS_OFFSET: {b"upload-offset"},
    Meddling.STRIPS_PLACE: {b"location"},
    Meddling.STRIPS_DIGEST: {b"photo-digest"},
}


def own_answer(
    meddling: Meddling, status: int, method: str, path: str, headers: Headers
) -> httpx.Response | None:
    """What the proxy itself answers with this status; None where it passes the request on."""
    is_odd = method != "POST" or OVERRIDE in dict(headers)
    says = {
        Meddling.HTML: True,
        Meddling.PHOTO_HTML: path.startswith(PHOTOS),
        Meddling.NO_PATCH: method == "PATCH",
        Meddling.NO_METHODS: is_odd,
    }
    return httpx.Response(status, headers=HTML, content=PAGE) if says.get(meddling) else None


def upward(meddling: Meddling, headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """A sync call as the bureau gets it."""
    known = dict(headers)
    if b"content-encoding" not in known:
        return headers, body
    if meddling is Meddling.UNZIPS:
        body = gzip.decompress(body)
        known[b"content-length"] = str(len(body)).encode()
    if meddling is Meddling.UNNAMES:
        del known[b"content-encoding"]
    return list(known.items()), body


def photo_upward(meddling: Meddling, headers: Headers) -> Headers:
    """The head of a request for a photo as the bureau gets it."""
    if meddling is Meddling.STRIPS_UP:
        return [pair for pair in headers if pair[0] != b"tus-resumable"]
    if meddling is Meddling.RETYPES:
        octets = (b"content-type", b"application/octet-stream")
        return [octets if pair[0] == b"content-type" else pair for pair in headers]
    return headers


def downward(meddling: Meddling, headers: Headers) -> Headers:
    """The head of an answer as the phone gets it."""
    gone = STRIPPED.get(meddling, set())
    return [pair for pair in headers if pair[0].lower() not in gone]
