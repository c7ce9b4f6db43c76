"""How uvicorn runs a bureau: one way for the program, the tests and the measurements."""

import functools
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from sync_server.settings import Settings


class FullBodyProtocol(HttpToolsProtocol):
    """Hands over what has come of a body before it says that the road broke.

    uvicorn says `http.disconnect` as soon as a connection dies and drops what it had read of the
    body until then, up to 256 KB: bytes that a phone on a bad road would have to send again.
    """

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        super()._start_asgi_task(cycle, functools.partial(_fed, cycle, app))


async def _fed(
    cycle: RequestResponseCycle, app: ASGIApp, scope: Scope, receive: Receive, send: Send
) -> None:
    async def the_rest_first() -> Message:
        message = await receive()
        if message["type"] == "http.disconnect" and cycle.body and not cycle.response_complete:
            message = {"type": "http.request", "body": bytes(cycle.body), "more_body": True}
            cycle.body = bytearray()
        return message

    await app(scope, the_rest_first, send)


def tls(settings: Settings) -> dict[str, Any]:
    """Its own certificate, self-signed or not, where no other program stands in front."""
    if not settings.certificate_key:
        return {}
    return {"ssl_certfile": settings.certificate, "ssl_keyfile": settings.certificate_key}


def config(app: ASGIApp, **changes: Any) -> uvicorn.Config:
    """What to run this bureau with; `changes` are uvicorn's own settings."""
    plain: dict[str, Any] = {
        "http": FullBodyProtocol,
        "ws": "none",
        "log_level": "warning",
        "server_header": False,
        "timeout_graceful_shutdown": 5,
        "date_header": False,  # 37 bytes of each answer; the sync reply says the time itself
    }
    return uvicorn.Config(app, **plain | changes)
