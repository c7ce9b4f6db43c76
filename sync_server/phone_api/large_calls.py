"""Reads large bodies of sync calls outside the turn that all calls share."""

import asyncio
from collections.abc import Callable
from weakref import WeakValueDictionary

from sync_server.phone_api.bodies import RequestBody
from sync_server.phone_api.opening import ReadCall
from sync_server.problems import Problem

Read = Callable[[str, RequestBody], ReadCall | Problem]


class LargeCallReader:
    """Calls `read` in a thread, for one body at a time: two would only compete for the interpreter.

    Of the bodies of one phone only one waits for its turn, so that who sends many at once does not
    stand before the others with each of them.
    """

    def __init__(self, read: Read) -> None:
        self._read, self._turn = read, asyncio.Lock()
        self._own: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def read(self, authorization: str, body: RequestBody) -> ReadCall | Problem:
        """What `read` returns; raises what it raises."""
        own = self._own.get(authorization)
        if own is None:
            own = self._own[authorization] = asyncio.Lock()
        async with own, self._turn:
            return await asyncio.to_thread(self._read, authorization, body)
