"""Divides one request body that holds several photos, one after the other, into a part for each."""

import asyncio
from collections.abc import Mapping, Sequence

from starlette.types import Message, Receive

DISCONNECTED: Message = {"type": "http.disconnect"}


class SharedBody:
    """The request body that all parts read from. If a part is not read to its end, or the body ends
    too early, the bytes that follow cannot be attributed: every later read is a disconnect."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._held, self._more = b"", True

    async def read(self, most: int) -> Message:
        """The next bytes, at most `most`, as an ASGI message."""
        if self._more and not self._held:
            message = await self._receive()
            self._held = message.get("body", b"")
            self._more = message.get("more_body", False)
        if not (self._held or self._more):
            return DISCONNECTED
        body, self._held = self._held[:most], self._held[most:]
        return {"type": "http.request", "body": body, "more_body": len(body) < most}

    def discard(self) -> None:
        """Discards the rest of the body."""
        self._held, self._more = b"", False


class BodyPart:
    """The bytes of one photo, read like a request once the parts before it have been read."""

    headers: Mapping[str, str] = {}

    def __init__(self, body: SharedBody, length: int, before: "BodyPart | None") -> None:
        self._body, self._left, self._before = body, length, before
        self._over = asyncio.Event()

    async def wait_for_turn(self) -> None:
        """Returns when the part before has been read or closed."""
        if self._before:
            await self._before._over.wait()

    async def receive(self) -> Message:
        message = await self._body.read(self._left)
        self._left -= len(message.get("body", b""))
        if not self._left:
            self._over.set()
        return message

    def close(self) -> None:
        """Ends this part; if bytes of it were not read, the rest of the body is discarded."""
        if self._left:
            self._body.discard()
            self._over.set()


def body_parts(receive: Receive, lengths: Sequence[int]) -> list[BodyPart]:
    """A part for each of these lengths in bytes, in the order of the body."""
    body, parts = SharedBody(receive), list[BodyPart]()
    for length in lengths:
        parts.append(BodyPart(body, length, parts[-1] if parts else None))
    return parts
