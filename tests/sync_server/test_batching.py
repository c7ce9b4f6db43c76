"""Many callers share one batch; each gets its own result, or its own exception."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from sync_server.phone_api.batching import Batcher

Tasks = list[asyncio.Task[int]]


class Work:
    """Work that notes each batch, and waits until the test lets it go on."""

    def __init__(self) -> None:
        self.seen: list[list[int]] = []
        self.go = threading.Event()

    def __call__(self, group: Sequence[int]) -> list[int | Exception]:
        self.seen.append(list(group))
        self.go.wait(5)
        return [ValueError(n) if n < 0 else 10 * n for n in group]


async def submit_while_working(
    work: Work, batcher: Batcher[int, int], *later: int
) -> list[asyncio.Task[int]]:
    """Submits 0, and the others while that is worked on; then lets the work go on."""
    tasks = await submit_and_hold(work, batcher, *later)
    work.go.set()
    return tasks


async def submit_and_hold(
    work: Work, batcher: Batcher[int, int], *later: int
) -> list[asyncio.Task[int]]:
    """The same; the work still waits."""
    first = asyncio.create_task(batcher.submit(0))
    while not work.seen:  # noqa: ASYNC110  # it is filled by a thread
        await asyncio.sleep(0.001)
    rest = [asyncio.create_task(batcher.submit(n)) for n in later]
    await asyncio.sleep(0)
    return [first, *rest]


async def results_of(work: Work, batcher: Batcher[int, int], *later: int) -> list[int]:
    return await asyncio.gather(*await submit_while_working(work, batcher, *later))


def test_what_comes_while_one_group_is_worked_on_makes_the_next() -> None:
    work = Work()
    assert asyncio.run(results_of(work, Batcher(work, 64), 1, 2, 3)) == [0, 10, 20, 30]
    assert work.seen == [[0], [1, 2, 3]]


def test_a_group_is_no_larger_than_allowed() -> None:
    work = Work()
    asyncio.run(results_of(work, Batcher(work, 2), 1, 2, 3))
    assert work.seen == [[0], [1, 2], [3]]


def test_a_heavy_one_goes_alone() -> None:
    work = Work()
    asyncio.run(results_of(work, Batcher(work, 64, heavy=5, weigh=lambda n: n), 4, 9, 1))
    assert work.seen == [[0], [4], [9], [1]]


def test_groups_of_one_turn_never_work_at_once_and_who_waits_gathers() -> None:
    async def told() -> list[list[int]]:
        turn, photos, calls = asyncio.Lock(), Work(), Work()
        kept, answered = Batcher(photos, 64, lock=turn), Batcher(calls, 64, lock=turn)
        tasks = await submit_and_hold(photos, kept, 1)
        tasks += [asyncio.create_task(answered.submit(n)) for n in (5, 6)]
        calls.go.set()
        await asyncio.sleep(0.05)
        assert calls.seen == []
        photos.go.set()
        await asyncio.gather(*tasks)
        return calls.seen

    assert asyncio.run(told()) == [[5, 6]]


def test_a_no_to_one_is_no_no_to_the_others() -> None:
    async def told() -> list[int | BaseException]:
        work = Work()
        tasks = await submit_while_working(work, Batcher(work, 64), -1, 2)
        return await asyncio.gather(*tasks, return_exceptions=True)

    first, second, third = asyncio.run(told())
    assert (first, third) == (0, 20)
    assert isinstance(second, ValueError)


def test_what_nobody_foresaw_is_told_to_all_and_the_next_group_goes_on() -> None:
    def breaks(group: Sequence[int]) -> list[int | Exception]:
        if 0 in group:
            raise LookupError
        return list(group)

    async def told() -> int:
        batcher = Batcher[int, int](breaks, 64)
        with pytest.raises(LookupError):
            await batcher.submit(0)
        return await batcher.submit(7)

    assert asyncio.run(told()) == 7


def test_a_caller_who_goes_away_takes_nobody_along() -> None:
    async def told() -> tuple[int, list[list[int]]]:
        work = Work()
        tasks = await submit_while_working(work, Batcher(work, 64), 1, 2)
        tasks[1].cancel()
        return await tasks[2], work.seen

    assert asyncio.run(told()) == (20, [[0], [1, 2]])
