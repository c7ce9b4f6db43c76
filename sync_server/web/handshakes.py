"""Counts connections from their first byte of TLS on, and gives handshakes a deadline.

uvloop's servers tell no protocol of a connection before its handshake is done: those that never
finish one would be in no count of ours.
"""

import asyncio
import ssl
from collections.abc import Callable
from typing import Any

import uvloop
from uvloop.loop import SSLProtocol  # type: ignore[attr-defined]  # it is there, and in no stub

from sync_server.web.connections import BoundedProtocol

HANDSHAKE_S = 10


class Handshake(SSLProtocol):  # type: ignore[misc]  # see the import
    """uvloop's own TLS around a protocol that has a place among the connections before it."""

    def __init__(self, inner: BoundedProtocol, context: ssl.SSLContext) -> None:
        self._inner = inner
        super().__init__(
            inner.loop,
            inner,
            context,
            None,
            server_side=True,
            ssl_handshake_timeout=HANDSHAKE_S,
        )

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        if not self._inner.accepted(transport):
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._inner.guard.leave(self._inner)
        super().connection_lost(exc)


class BureauLoop(uvloop.Loop):
    """uvloop whose servers speak TLS by `Handshake`."""

    async def create_server(
        self, protocol_factory: Callable[[], Any], *args: Any, **more: Any
    ) -> asyncio.Server:
        context: ssl.SSLContext | None = more.pop("ssl", None)

        def accepted() -> Any:
            inner = protocol_factory()
            return Handshake(inner, context) if context else inner

        server: asyncio.Server = await super().create_server(accepted, *args, **more)  # type: ignore[assignment]  # uvloop's own
        return server
