"""A queue of its own for sign-ins: hashing passwords never takes the threads of other requests."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sync_server.accounts.throttle import network_of
from sync_server.problems import SignInsBusy

T = TypeVar("T")
AT_ONCE = 1  # each hashing takes 64 MiB and, on all cores, 0.05 s
MOST_WAITING, MOST_OF_NETWORK = 20, 4
RETRY_S = 5


class SignInQueue:
    """Runs sign-ins in a thread of its own, one at a time; the others wait, and who comes when the
    queue is full is told to come again. Of one network only a few wait, so that none fills it."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "sign-in")
        self._of: Counter[str] = Counter()

    async def run(self, address: str, work: Callable[[], T]) -> T:
        """What `work` returns; raises what it raises, or SignInsBusy."""
        network = network_of(address)
        if self._of.total() >= MOST_WAITING or self._of[network] >= MOST_OF_NETWORK:
            raise SignInsBusy(retry_after=RETRY_S)
        self._of[network] += 1
        working = asyncio.get_running_loop().run_in_executor(self._threads, work)
        working.add_done_callback(lambda _: self._leave(network))
        # Shielded: a browser that goes away makes no room while its password is being hashed.
        return await asyncio.shield(working)

    def _leave(self, network: str) -> None:
        self._of[network] -= 1
        self._of += Counter()  # drops those that are at 0
