"""Configures uvicorn: the same for the program, the tests and the benchmarks."""

import functools
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from sync_server.settings import Settings


class FullBodyProtocol(HttpToolsProtocol):
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

    await app(scope, receive_buffered_first, send)


def tls(settings: Settings) -> dict[str, Any]:
    """uvicorn's settings for TLS: empty without a certificate, where a proxy speaks TLS."""
    if not settings.certificate_key:
        return {}
    return {"ssl_certfile": settings.certificate, "ssl_keyfile": settings.certificate_key}


def trust(settings: Settings) -> dict[str, Any]:
    """uvicorn's settings for who is believed who is calling: the proxies that are named, nobody
    else, this machine included."""
    return {"proxy_headers": bool(settings.proxies), "forwarded_allow_ips": settings.proxies}


def config(app: ASGIApp, **changes: Any) -> uvicorn.Config:
    """uvicorn's configuration for this app; `changes` override single settings."""
    defaults: dict[str, Any] = {
        "http": FullBodyProtocol,
        "ws": "none",
        "log_level": "warning",
        "server_header": False,
        "timeout_graceful_shutdown": 5,
        "proxy_headers": False,
        "date_header": False,  # saves 37 bytes a response; a sync reply has `server_time`
    }
    return uvicorn.Config(app, **defaults | changes)
