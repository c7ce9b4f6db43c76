"""The threads behind a headless app: a test goes on when the notebook has answered, however slow
the machine's disk is."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic
from typing import Any

HELD_S = 2.0  # what takes longer is held up by the test itself


class Threads(ThreadPoolExecutor):
    """Says whether something is at work."""

    def __init__(self) -> None:
        super().__init__()
        self._since: dict[Future[Any], float] = {}

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = super().submit(work, *args, **kwargs)
        self._since[future] = monotonic()
        future.add_done_callback(self._done)
        return future

    @property
    def busy(self) -> bool:
        now = monotonic()
        return any(now - since < HELD_S for since in tuple(self._since.values()))

    def _done(self, future: Future[Any]) -> None:
        self._since.pop(future, None)
