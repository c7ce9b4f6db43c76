"""Bounds what one connection may hold: time for heads and bodies, bytes, and a place among others.

uvicorn has no deadline but that between two requests, and no limit on the size of a head.
"""

import resource
from asyncio import TimerHandle, Transport
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from sync_server.accounts.throttle import network_of
from sync_server.settings import ConnectionLimits

FILES_BESIDE = 200  # of the database, of photos, of the program itself
LEAST_CONNECTIONS = 50
MOST_OVERHEAD = 128 * 1024  # bytes of a request beside its body, and as many again as its body
MOST_UNREAD = 4 * 1024 * 1024  # bytes of a body that come after its answer


class ConnectionGuard:
    """All open connections. When there are too many, of one network or in all, the one that has
    been silent for longest makes room, unless it waits for an answer of ours."""

    def __init__(self, limits: ConnectionLimits, proxies: Iterable[str] = ()) -> None:
        self.limits = limits
        self._most = max(LEAST_CONNECTIONS, min(limits.most, most_files() - FILES_BESIDE))
        self._proxies = {network_of(one.strip()) for one in proxies}
        self._of: dict[str, set[BoundedProtocol]] = defaultdict(set)
        self._all: set[BoundedProtocol] = set()

    def admit(self, connection: "BoundedProtocol") -> bool:
        """Makes room for a connection, unless it has its place; False if all others wait for
        answers."""
        if connection in self._all:
            return True
        mine = self._of[connection.network]
        is_proxy = connection.network in self._proxies
        if not is_proxy and len(mine) >= self.limits.of_one and not _drop_one(mine):
            return False
        if len(self._all) >= self._most and not _drop_one(self._all):
            return False
        mine.add(connection)
        self._all.add(connection)
        return True

    def leave(self, connection: "BoundedProtocol") -> None:
        """Forgets a connection that is closed, or about to be."""
        self._all.discard(connection)
        mine = self._of[connection.network]
        mine.discard(connection)
        if not mine:
            del self._of[connection.network]


def _drop_one(connections: Iterable["BoundedProtocol"]) -> bool:
    waiting = [one for one in connections if one.waits_for_client]
    if waiting:
        min(waiting, key=lambda one: one.last_byte_at).drop()
    return bool(waiting)


def most_files() -> int:
    """How many files and connections this program may open, once it has asked for as many as it may
    have. Debian gives 1,024 to begin with."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard if hard != resource.RLIM_INFINITY else 2**20


class HeadTooLarge(Exception):
    """Raised in a callback of the parser, which then ends the connection."""


class BoundedProtocol(HttpToolsProtocol):
    """A connection that is closed when its client takes too long or sends too much.

    A head has `head_s` from its first byte, or from the connection's begin. A body has `body_s`,
    and one second more for each `body_pace` bytes that came. Who does not read an answer has
    `unread_s`.
    """

    def __init__(self, *uvicorn: Any, guard: ConnectionGuard, **more: Any) -> None:
        super().__init__(*uvicorn, **more)
        self.guard, self._limits = guard, guard.limits
        self.network, self.last_byte_at = "", self.loop.time()
        self._deadline: TimerHandle | None = None
        self._abort: TimerHandle | None = None
        self._in_head, self._in_body = True, False
        self._sent = self._head = self._body = self._unread = 0
        self._begun_at = self.last_byte_at

    @property
    def waits_for_client(self) -> bool:
        """Whether the next step is the client's."""
        cycle: RequestResponseCycle | None = self.cycle
        return self._in_body or cycle is None or cycle.response_complete

    def drop(self) -> None:
        """Closes the connection at once."""
        self.guard.leave(self)
        self.transport.abort()

    def accepted(self, transport: Transport) -> bool:
        """A place among the connections, for one that may have a handshake of TLS to finish."""
        self.transport = transport
        peer = transport.get_extra_info("peername")
        self.network = network_of(peer[0]) if peer else ""
        return self.guard.admit(self)

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn
        super().connection_made(transport)
        if self.accepted(transport):
            self._expect_head()
        else:
            self._refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:
        self.guard.leave(self)
        for timer in (self._deadline, self._abort):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self.last_byte_at = self.loop.time()
        if self._deadline is None:
            self._expect_head()
        self._sent += len(data)
        super().data_received(data)
        if self._in_head and self._sent > self._limits.head_bytes:
            self._refuse(431)
        elif self._in_body and self._sent - self._body > MOST_OVERHEAD + self._body:
            self._refuse(400)
        elif self._in_body and self.cycle.response_complete:
            self._unread += len(data)
            if self._unread > MOST_UNREAD:
                self.drop()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._head = True, 0
        if self._deadline is None:  # it begins in the bytes that ended the request before
            self._expect_head()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head += len(name) + len(value)
        if self._head > self._limits.head_bytes:
            raise HeadTooLarge
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head, self._in_body = False, True
        self._body = self._unread = 0
        self._begun_at = self.loop.time()
        self._set_deadline(self._limits.body_s)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_body = False
        self._sent = 0
        self._clear_deadline()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._abort_if_unread()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._abort_if_unread()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._abort_if_unread()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._abort and not self.transport.is_closing():
            self._abort.cancel()
            self._abort = None

    def _expect_head(self) -> None:
        self._in_head, self._begun_at = True, self.loop.time()
        self._set_deadline(self._limits.head_s)

    def _set_deadline(self, seconds: float) -> None:
        self._clear_deadline()
        self._deadline = self.loop.call_later(seconds, self._overdue)

    def _clear_deadline(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _overdue(self) -> None:
        """The deadline is over, unless so much of a body came that it has been put off."""
        earned = self._body / self._limits.body_pace if self._in_body else 0
        allowed = self._limits.body_s + earned if self._in_body else self._limits.head_s
        left = self._begun_at + allowed - self.loop.time()
        if left > 0.01:
            self._set_deadline(left)
        elif self._in_head and not self._sent:
            self.drop()  # it never said a word
        else:
            self._refuse(408)

    def _refuse(self, status: int) -> None:
        """Says why in a status line, if no answer has begun, and closes."""
        self._clear_deadline()
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete or not cycle.response_started:
            self.transport.write(STATUS_LINE[status] + b"connection: close\r\n")
            self.transport.write(b"content-length: 0\r\n\r\n")
        self.guard.leave(self)
        self.transport.close()
        self._abort_if_unread()

    def _abort_if_unread(self) -> None:
        """Closing waits until the client has read what was sent, which it may never do."""
        if self._abort is None:
            self._abort = self.loop.call_later(self._limits.unread_s, self.transport.abort)
