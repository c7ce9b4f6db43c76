"""Many callers, one commit: while one group is worked on in a thread, the next one gathers."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
LONGEST_MS = 2


class Batcher(Generic[T, R]):
    """Hands what callers bring to `work`, on one thread at a time and in the order of coming: all
    that has gathered, up to `most` in number and `heavy` together in weight.

    `work` answers each one with a result or with an exception for its caller; an exception that it
    raises is for all of them. A caller who goes away does not take back what it brought.

    Of groups that share a `turn` one works at a time: two threads that compute only fight for the
    interpreter, and meanwhile more callers gather for those who wait.
    """

    def __init__(
        self,
        work: Callable[[Sequence[T]], Sequence[R | Exception]],
        most: int,
        heavy: int = 2**63,
        weigh: Callable[[T], int] = lambda _: 1,
        turn: asyncio.Lock | None = None,
    ) -> None:
        self._turn = turn or asyncio.Lock()
        self._work, self._most, self._heavy, self._weigh = work, most, heavy, weigh
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._working: asyncio.Task[None] | None = None
        self._last = 1  # how many the last group was

    async def take(self, one: T) -> R:
        """The result for `one`, once its group is done."""
        promise: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, promise))
        if self._working is None:
            self._working = asyncio.create_task(self._through())
        return await promise

    async def _through(self) -> None:
        try:
            await self._lingered()
            while self._waiting:
                async with self._turn:
                    await self._done(self._gathered())
        finally:
            self._working = None

    async def _done(self, group: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            done = await asyncio.to_thread(self._work, [one for one, _ in group])
        except Exception as error:
            done = [error] * len(group)
        for (_, promise), result in zip(group, done, strict=True):
            _keep(promise, result)

    async def _lingered(self) -> None:
        """Those who were answered together call again together, within a few milliseconds: better
        one commit for all of them than one for the first and another for the rest."""
        for _ in range(LONGEST_MS):
            if len(self._waiting) >= self._last:
                return
            await asyncio.sleep(0.001)

    def _gathered(self) -> list[tuple[T, asyncio.Future[R]]]:
        weight, size = 0, 0
        for one, _ in self._waiting[: self._most]:
            weight += self._weigh(one)
            if size and weight > self._heavy:
                break
            size += 1
        group, self._waiting = self._waiting[:size], self._waiting[size:]
        self._last = size
        return group


def _keep(promise: asyncio.Future[R], result: R | Exception) -> None:
    if promise.done():  # its caller has gone
        return
    if isinstance(result, Exception):
        promise.set_exception(result)
    else:
        promise.set_result(result)
