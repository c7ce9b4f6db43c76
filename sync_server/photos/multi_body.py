"""Several photos in one body, one after the other: each has a body of its own to read."""

import asyncio
from collections.abc import Mapping, Sequence

from starlette.types import Message, Receive

GONE: Message = {"type": "http.disconnect"}


class SharedBody:
    """What is read of the one body. Once somebody left bytes of it unread, or it ended too early,
    nobody could tell any more whose the next ones are: then it is gone for all."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._held, self._more = b"", True

    async def take(self, most: int) -> Message:
        """At most so many bytes of the next that come."""
        if self._more and not self._held:
            message = await self._receive()
            self._held = message.get("body", b"")
            self._more = message.get("more_body", False)
        if not (self._held or self._more):
            return GONE
        body, self._held = self._held[:most], self._held[most:]
        return {"type": "http.request", "body": body, "more_body": len(body) < most}

    def end(self) -> None:
        """Nothing more of it is for anybody."""
        self._held, self._more = b"", False


class BodyPart:
    """One photo's bytes, to be read like a request when its turn has come."""

    headers: Mapping[str, str] = {}

    def __init__(self, road: SharedBody, length: int, before: "BodyPart | None") -> None:
        self._road, self._left, self._before = road, length, before
        self._over = asyncio.Event()

    async def turn(self) -> None:
        """Those before it have been read, however long that took."""
        if self._before:
            await self._before._over.wait()

    async def receive(self) -> Message:
        message = await self._road.take(self._left)
        self._left -= len(message.get("body", b""))
        if not self._left:
            self._over.set()
        return message

    def leave(self) -> None:
        """Its reader goes; what it left unread is nobody's."""
        if self._left:
            self._road.end()
            self._over.set()


def body_parts(receive: Receive, lengths: Sequence[int]) -> list[BodyPart]:
    """A piece for each length, in the order in which they come."""
    road, found = SharedBody(receive), list[BodyPart]()
    for length in lengths:
        found.append(BodyPart(road, length, found[-1] if found else None))
    return found
