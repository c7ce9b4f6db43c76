"""Lets only the newest request write to an upload; it cancels an older one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CancelScope, Event

from sync_server.problems import WrongOffset


class _Writer:
    def __init__(self) -> None:
        self.scope, self.over = CancelScope(), Event()


class Takeover:
    """The current writers of one process, on its event loop. A phone whose connection hangs does
    not wait for it: its new request cancels the old one, and begins when that one's last write is
    over.

    Several processes need every request for one upload at the same one (by hash of the path).
    """

    def __init__(self) -> None:
        self._writers: dict[str, _Writer] = {}

    @asynccontextmanager
    async def exclusive(self, upload: str) -> AsyncIterator[None]:
        """Runs the block as the only writer of this upload. Raises WrongOffset when a newer request
        took over, which may happen at any await inside."""
        before, own = self._writers.get(upload), _Writer()
        self._writers[upload] = own
        try:
            with own.scope:
                if before is not None:
                    before.scope.cancel()
                    await before.over.wait()
                yield
        finally:
            own.over.set()
            if self._writers.get(upload) is own:
                del self._writers[upload]
        if own.scope.cancelled_caught:
            raise WrongOffset("another request took over")
