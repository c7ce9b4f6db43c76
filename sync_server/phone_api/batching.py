"""Batches what concurrent callers submit: while a thread works on one batch, the next gathers."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
LONGEST_WAIT_MS = 2


class Batcher(Generic[T, R]):
    """Calls `work` with all items that have gathered, in the order in which they were submitted, at
    most `most` of them, of at most `heavy` weight together. One thread works at a time.

    `work` returns for each item a result or an exception for its caller; an exception that it
    raises is for all of them. The work is done even if a caller is cancelled.

    Of batchers that share a `lock` one works at a time: two threads that compute only compete for
    the interpreter, and while one waits, more items gather.
    """

    def __init__(
        self,
        work: Callable[[Sequence[T]], Sequence[R | Exception]],
        most: int,
        heavy: int = 2**63,
        weigh: Callable[[T], int] = lambda _: 1,
        lock: asyncio.Lock | None = None,
    ) -> None:
        self._lock = lock or asyncio.Lock()
        self._work, self._most, self._heavy, self._weigh = work, most, heavy, weigh
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._working: asyncio.Task[None] | None = None
        self._last = 1  # size of the last batch

    async def submit(self, item: T) -> R:
        """Returns the result for `item`, or raises its exception, when its batch is done."""
        promise: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, promise))
        if self._working is None:
            self._working = asyncio.create_task(self._work_off())
        return await promise

    async def _work_off(self) -> None:
        try:
            await self._wait_for_more()
            while self._waiting:
                async with self._lock:
                    await self._run(self._next_batch())
        finally:
            self._working = None

    async def _run(self, batch: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await asyncio.to_thread(self._work, [item for item, _ in batch])
        except Exception as error:
            results = [error] * len(batch)
        for (_, promise), result in zip(batch, results, strict=True):
            _settle(promise, result)

    async def _wait_for_more(self) -> None:
        """Callers whose last batch ended together submit again within a few milliseconds: one batch
        for all of them is cheaper than one for the first and another for the rest."""
        for _ in range(LONGEST_WAIT_MS):
            if len(self._waiting) >= self._last:
                return
            await asyncio.sleep(0.001)

    def _next_batch(self) -> list[tuple[T, asyncio.Future[R]]]:
        weight, size = 0, 0
        for item, _ in self._waiting[: self._most]:
            weight += self._weigh(item)
            if size and weight > self._heavy:
                break
            size += 1
        batch, self._waiting = self._waiting[:size], self._waiting[size:]
        self._last = size
        return batch


def _settle(promise: asyncio.Future[R], result: R | Exception) -> None:
    if promise.done():  # its caller was cancelled
        return
    if isinstance(result, Exception):
        promise.set_exception(result)
    else:
        promise.set_result(result)
