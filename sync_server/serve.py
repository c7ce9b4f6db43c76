"""Configures uvicorn: the same for the program, the tests and the benchmarks."""

import asyncio
import functools
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from sync_server.settings import ConnectionLimits, Settings
from sync_server.web.connections import BoundedProtocol, ConnectionGuard


class FullBodyProtocol(BoundedProtocol):
    """Delivers what has been read of a body before it reports that the connection was lost.

    uvicorn sends `http.disconnect` as soon as a connection dies and drops what it had read of the
    body until then, up to 256 KB: bytes that a phone on a bad network would have to send again.
    """

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        super()._start_asgi_task(cycle, functools.partial(_run_with_buffered_body, cycle, app))


async def _run_with_buffered_body(
    cycle: RequestResponseCycle, app: ASGIApp, scope: Scope, receive: Receive, send: Send
) -> None:
    async def receive_buffered_first() -> Message:
        message = await receive()
        if message["type"] == "http.disconnect" and cycle.body and not cycle.response_complete:
            message = {"type": "http.request", "body": bytes(cycle.body), "more_body": True}
            cycle.body = bytearray()
        return message

    try:
        await app(scope, receive_buffered_first, send)
    except asyncio.CancelledError:  # the server ends, and this request came too slowly: no error
        cycle.disconnected = True
        cycle.transport.close()


def tls(settings: Settings) -> dict[str, Any]:
    """uvicorn's settings for TLS: empty without a certificate, where a proxy speaks TLS."""
    if not settings.certificate_key:
        return {}
    return {"ssl_certfile": settings.certificate, "ssl_keyfile": settings.certificate_key}


def trust(settings: Settings) -> dict[str, Any]:
    """uvicorn's settings for who is believed who is calling: the proxies that are named, nobody
    else, this machine included."""
    return {"proxy_headers": bool(settings.proxies), "forwarded_allow_ips": settings.proxies}


def options(settings: Settings) -> dict[str, Any]:
    """What `config` takes of the settings: certificate, proxies, limits on connections."""
    guard = ConnectionGuard(settings.connections, filter(None, settings.proxies.split(",")))
    protocol = functools.partial(FullBodyProtocol, guard=guard)
    return tls(settings) | trust(settings) | {"http": protocol}


def config(app: ASGIApp, **changes: Any) -> uvicorn.Config:
    """uvicorn's configuration for this app; `changes` override single settings."""
    guard = ConnectionGuard(ConnectionLimits())
    defaults: dict[str, Any] = {
        "http": functools.partial(FullBodyProtocol, guard=guard),
        "loop": "sync_server.web.handshakes:BureauLoop",
        "ws": "none",
        "log_level": "warning",
        "server_header": False,
        "timeout_graceful_shutdown": 5,
        "proxy_headers": False,
        "date_header": False,  # saves 37 bytes a response; a sync reply has `server_time`
    }
    return uvicorn.Config(app, **defaults | changes)
