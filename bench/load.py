"""The load: closed-loop connections in processes of their own, over raw sockets, bytes made before.

Every answer is looked at: its status, and that it holds as many receipts as reports were sent.
"""

import gzip
import selectors
import socket
import time
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing.connection import Connection

from bench.asking import Ask, Load, asks
from bench.running import HOST
from bench.wares import Desk
from bench.written import Link, Written

MADE_AHEAD = 25_000  # reports made before the clock starts: about 6 s of the fastest server
EVENTS = {True: selectors.EVENT_READ | selectors.EVENT_WRITE, False: selectors.EVENT_READ}


@dataclass(frozen=True, slots=True)
class Done:
    """What was done between two moments: reports, and how long each request took, in seconds."""

    reports: int
    times: Sequence[float]


class Wrong(Exception):
    """An answer that is not what was asked for."""


class Line:
    """One connection, one request at a time."""

    def __init__(
        self, port: int, script: Iterator[Ask], fresh: bool = False, link: Link | None = None
    ) -> None:
        self._port, self._script, self.fresh, self._link = port, script, fresh, link
        self.socket = self._connected()
        self.left: list[memoryview] = []
        self._came = bytearray()
        self._need = 0  # bytes of the whole answer, once its head is there
        self.began = 0.0

    def next(self) -> None:
        """Begins the next request."""
        self.ask = next(self._script)
        self.began = time.monotonic()
        if self.fresh:
            self.socket.close()
            self.socket = self._connected()
        self.left = [memoryview(part) for part in self._parts(self.ask.parts)]
        self.push()

    def _parts(self, parts: tuple[bytes, ...] | Written) -> tuple[bytes, ...]:
        if not isinstance(parts, Written):
            return parts
        if self._link is None:
            raise ValueError("no link to name")
        return (parts.request(self._link),)

    def push(self) -> bool:
        """Sends what the kernel takes; whether more is left."""
        while self.left:
            try:
                sent = self.socket.sendmsg(self.left)
            except BlockingIOError:
                return True
            while self.left and sent >= len(self.left[0]):
                sent -= len(self.left.pop(0))
            if self.left:
                self.left[0] = self.left[0][sent:]
        return False

    def pull(self) -> bool:
        """Reads; whether the answer is whole. Raises Wrong."""
        piece = self.socket.recv(262_144)
        if not piece:
            raise Wrong("the server hung up")
        self._came += piece
        if not self._need and (end := self._came.find(b"\r\n\r\n")) >= 0:
            self._need = end + 4 + _length(bytes(self._came[:end]).lower())
        if not self._need or len(self._came) < self._need:
            return False
        self._looked_at(bytes(self._came))
        self._came.clear()
        self._need = 0
        return True

    def _looked_at(self, answer: bytes) -> None:
        head, _, body = answer.partition(b"\r\n\r\n")
        if b"content-encoding: gzip" in head.lower():
            body = gzip.decompress(body)
        found = body.count(self.ask.sign) + head.count(self.ask.sign)
        self.body = body
        if head[9:12] != self.ask.status or found != self.ask.due:
            raise Wrong(answer[:2000])
        if self._link:
            self._link = self._link.after(body)

    def _connected(self) -> socket.socket:
        made = socket.create_connection((HOST, self._port))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.setblocking(False)
        return made


def _length(head: bytes) -> int:
    _, found, rest = head.partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


class _Fleet:
    """The connections of one process, until the time is over."""

    def __init__(self, lines: Sequence[Line], since: float, until: float) -> None:
        self._lines, self._since, self._until = lines, since, until
        self._watch = selectors.DefaultSelector()
        self._reports, self._times = 0, array("d")

    def driven(self) -> Done:
        for line in self._lines:
            self._begin(line)
        while (now := time.monotonic()) < self._until:
            for key, events in self._watch.select(self._until - now):
                self._served(key.data, events)
        for line in self._lines:
            line.socket.close()
        return Done(self._reports, self._times)

    def _begin(self, line: Line) -> None:
        line.next()
        self._watch.register(line.socket, EVENTS[bool(line.left)], line)

    def _served(self, line: Line, events: int) -> None:
        if events & selectors.EVENT_WRITE and not line.push():
            self._watch.modify(line.socket, selectors.EVENT_READ, line)
        if not (events & selectors.EVENT_READ and line.pull()):
            return
        now = time.monotonic()
        if self._since <= now < self._until:
            self._times.append(now - line.began)
            self._reports += line.ask.reports
        if line.fresh:
            self._watch.unregister(line.socket)
            return self._begin(line)
        line.next()
        if line.left:
            self._watch.modify(line.socket, EVENTS[True], line)


def loaded(port: int, desks: Sequence[Desk], load: Load, clock: Connection) -> None:
    """One process of load: says when it is ready, is told (from, until), sends what was Done."""
    scripts = [_ahead(asks(desk, load), load) for desk in desks]
    pairs = zip(scripts, desks, strict=True)
    lines = [Line(port, script, load.fresh, Link.of(desk)) for script, desk in pairs]
    clock.send(None)
    since, until = clock.recv()
    try:
        clock.send(_Fleet(lines, since, until).driven())
    except Exception as error:
        clock.send(error)


def _ahead(script: Iterator[Ask], load: Load) -> Iterator[Ask]:
    """The same, its first requests made now and not while the clock runs."""
    many = 0 if load.photos else MADE_AHEAD // load.connections // load.batch
    return chain(list(islice(script, many)), script)
