"""Whose turn it is to write to an upload: the newest request's. An older one writes no more."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CancelScope, Event

from sync_server.problems import WrongOffset


class _Writer:
    def __init__(self) -> None:
        self.scope, self.over = CancelScope(), Event()


class Takeover:
    """Turns of one process, on its event loop. A phone whose connection died half-open does not
    wait for it: the new request ends the old one, and begins when the old one's last write is over.

    Several processes need every request for one upload at the same one (by hash of the path).
    """

    def __init__(self) -> None:
        self._now: dict[str, _Writer] = {}

    @asynccontextmanager
    async def taken(self, upload: str) -> AsyncIterator[None]:
        """Runs the block as the only one for this upload. Raises WrongOffset when a newer request
        took over, which may happen at any await inside."""
        before, mine = self._now.get(upload), _Writer()
        self._now[upload] = mine
        try:
            with mine.scope:
                if before is not None:
                    before.scope.cancel()
                    await before.over.wait()
                yield
        finally:
            mine.over.set()
            if self._now.get(upload) is mine:
                del self._now[upload]
        if mine.scope.cancelled_caught:
            raise WrongOffset("another request took over")
