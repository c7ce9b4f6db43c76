"""An event loop on a simulated clock: nobody waits, and the order of everything is the seed's."""

import asyncio
import selectors
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from random import Random
from typing import Any

import anyio
import anyio.to_thread

from tests.simulation.swapping import swapped

PAUSES_S = (0.0, 0.0, 0.001, 0.004)  # how long a thread lets others go first


class Stuck(Exception):
    """Nothing can happen any more, and somebody still waits."""


class _Jump(selectors.BaseSelector):
    """Waits for no file: a wait for the next timer is a jump of the clock."""

    def __init__(self, passed: Callable[[float], None]) -> None:
        self._passed = passed
        self._known: dict[Any, selectors.SelectorKey] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        key = selectors.SelectorKey(fileobj, 0, events, data)
        self._known[fileobj] = key
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._known.pop(fileobj)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise Stuck
        self._passed(timeout)
        return []

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._known


class SimulatedLoop(asyncio.SelectorEventLoop):
    """Seconds from 0. What would run in a thread runs here, a moment later and without a break."""

    def __init__(self, chance: Random) -> None:
        self._now = 0.0
        self._chance = chance
        super().__init__(_Jump(self._passed))
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self._now

    def run_in_executor(  # type: ignore[override]  # the same, without the threads
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        done: asyncio.Future[Any] = self.create_future()
        self.call_later(self._chance.choice(PAUSES_S), _run, done, partial(func, *args))
        return done

    def _passed(self, seconds: float) -> None:
        self._now += max(0.0, seconds)

    def _make_self_pipe(self) -> None:
        """No thread ever wakes this loop."""
        self._ssock: socket.socket | None = None

    def _close_self_pipe(self) -> None:
        pass

    def _write_to_self(self) -> None:
        pass


@contextmanager
def simulated_threads() -> Iterator[None]:
    """Inside, anyio's threads are the loop's, too. They cannot be cancelled, as real ones."""
    with (
        swapped(anyio.to_thread, run_sync=_run_sync),
    ):
        yield


async def _run_sync(func: Callable[..., Any], *args: Any, **_: Any) -> Any:
    with anyio.CancelScope(shield=True):
        return await asyncio.get_running_loop().run_in_executor(None, func, *args)


def _run(done: asyncio.Future[Any], work: Callable[[], Any]) -> None:
    """The work is done even when nobody waits any more: a thread goes on, too."""
    try:
        result = work()
    except BaseException as error:  # a crash of the machine, too, goes to whoever waits
        if not done.done():
            done.set_exception(error)
    else:
        if not done.done():
            done.set_result(result)
