"""The door of the web host: by which name it is called, which page calls, how many at once, and the
headers of every answer."""

from contextlib import suppress
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

MAX_SOCKETS = 20  # pages that are open at once

# The compiled client asks a CDN for an animation library at each start, and works without it.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(self), geolocation=(self), microphone=()"),
]
# Pages of other origins may not read our responses. And in a page that is isolated from them
# (cross-origin-embedder-policy), Flutter's client draws in a second thread; both threads use one
# FreeType without a lock, and now and then one of them loops for ever in a half-written outline.
DROPPED = {b"access-control-allow-origin", b"cross-origin-embedder-policy"}


class SocketEnded(Exception):
    """Raised in the app below to end its web socket."""


class SecuredApp:
    """An ASGI app around Flet's: sets our headers, and refuses requests by a name that is not ours
    and web sockets that a page of another site opened, or that are too many. `beyond` is whether
    other machines may call."""

    def __init__(self, app: Any, beyond: bool = False) -> None:
        self._app, self._beyond = app, beyond
        self._sockets = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        kind = scope["type"]
        if kind == "http":
            await self._request(scope, receive, _with_headers(send))
        elif kind == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _request(self, scope: Any, receive: Any, send: Any) -> None:
        if is_our_name(scope["headers"], self._beyond):
            await self._app(scope, receive, send)
        else:
            await send({"type": "http.response.start", "status": 421, "headers": []})
            await send({"type": "http.response.body"})

    async def _socket(self, scope: Any, receive: Any, send: Any) -> None:
        headers = scope["headers"]
        is_ours = is_our_name(headers, self._beyond) and same_origin(headers)
        if not is_ours or self._sockets >= MAX_SOCKETS:
            await send({"type": "websocket.close", "code": 1008 if not is_ours else 1013})
            return

        async def send_if_connected(message: Any) -> None:
            """`receive` tells that a page has gone. On an error from `send`, flet 1.0.5 fails to
            end the session: the app would run on without a page."""
            with suppress(OSError):
                await send(message)

        self._sockets += 1
        try:
            with suppress(SocketEnded):
                await self._app(scope, receive, send_if_connected)
        finally:
            self._sockets -= 1


def _with_headers(send: Any) -> Any:
    async def send_with_headers(message: Any) -> None:
        if message["type"] == "http.response.start":
            kept = [h for h in message["headers"] if h[0] not in DROPPED]
            message = {**message, "headers": [*kept, *HEADERS]}
        await send(message)

    return send_with_headers


def same_origin(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether the page that opened a socket is ours. Browsers always send the origin; a request
    without one is not from a page."""
    values = {name.lower(): value.decode("latin-1") for name, value in headers}
    origin = values.get(b"origin")
    return origin is None or urlsplit(origin).netloc == values.get(b"host")


def is_our_name(headers: list[tuple[bytes, bytes]], beyond: bool) -> bool:
    """Whether Host names this machine: localhost or a loopback address; `beyond`, any address. A
    page that rebinds its own DNS name to us (DNS rebinding) calls by that name, never by an
    address."""
    hosts = [value.decode("latin-1") for name, value in headers if name.lower() == b"host"]
    try:
        (name,) = (urlsplit(f"//{host}").hostname or "" for host in hosts)
        return is_loopback(name) or (beyond and bool(ip_address(name)))
    except ValueError:  # none, several, or no address
        return False


def is_loopback(host: str) -> bool:
    """Whether this address, or localhost, is reached from this machine alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
