"""One phone: real notebook, album, courier and client on a disk that may die; and its worker."""

import asyncio
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Coroutine, Generator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from contract.ids import uuid7
from fieldapp.adapters.cryptography_cipher import AesCipher
from fieldapp.adapters.file_safe import FileSafe
from fieldapp.adapters.folder_album import FolderAlbum
from fieldapp.adapters.httpx_link import HttpxLink
from fieldapp.adapters.phone_folder import PhoneFolder
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.courier.courier import Courier, RoundResult, TripPorts
from fieldapp.courier.progress import GIVEN_UP
from fieldapp.device import storage_key, wipe_record
from fieldapp.device.access_token import StoredCredentials
from fieldapp.device.wipe import finish_wipe
from fieldapp.memory.memory import Memory
from fieldapp.ports import NotebookClosed, Offline, Refused
from tests.simulation.disk import Dead, Death, Disk
from tests.simulation.road import Road, Trouble
from tests.simulation.swapping import swapped

T = TypeVar("T")
HERE = timezone(timedelta(hours=8))
CIPHER = AesCipher(bytes(32))  # of what stands in for the platform's safe
KEY = b64encode(bytes(range(32))).decode()
ADDRESS = "https://bureau.example"
LONGEST_S = 3600.0  # that a round may take, with all its patience


@dataclass(eq=False)
class WrongClock:
    """Port Clock: the true time and what this phone makes of it."""

    true: Callable[[], datetime]
    chance: Random
    off: timedelta = timedelta()

    def now(self) -> datetime:
        return (self.true().astimezone(HERE) + self.off).replace(microsecond=0)

    def entropy(self, size: int) -> bytes:
        return self.chance.randbytes(size)


@dataclass(eq=False)
class Handset:
    """`name` never changes; `disk` does with every death, restoring and reinstallation."""

    name: int
    post: str
    disk: Disk
    road: Road
    clock: WrongClock
    rounds: list[RoundResult] = field(default_factory=list)
    deaths: Counter[str] = field(default_factory=Counter)
    patrol: UUID | None = None
    began: datetime | None = None  # the round under way, or the last one
    emptied: Callable[[], None] = lambda: None  # hears that this phone has been emptied
    _task: asyncio.Task[None] | None = None
    _left: Path | None = None

    def open(self) -> None:
        """The app starts: only what is durable is left."""
        self.disk.died = self._died
        safe = FileSafe(self.disk.root / "safe", CIPHER)
        if safe.kept(wipe_record.KEPT) and not self._begun_anew(safe):
            return
        cipher = AesCipher(storage_key.parse_key(safe.settled(storage_key.KEY, KEY)))
        self.notebook = SqliteNotebook(self.disk.root / "notebook.db", cipher)
        self.album = FolderAlbum(self.disk.root / "album", cipher)
        self.memory = Memory(self.notebook)
        self.road.closed = False
        link = HttpxLink(StoredCredentials(self.memory, safe), self.road)
        self.courier = Courier(
            TripPorts(self.notebook, self.memory, self.album, link, self.clock, safe)
        )

    def _begun_anew(self, safe: FileSafe) -> bool:
        """Whether what was given up is gone; without room it is so at the next start."""
        try:
            if at_once(finish_wipe(safe, PhoneFolder(self.disk.root))):
                self.emptied()
                self.patrol = None
                safe.keep(wipe_record.KEPT, None)  # the worker has read it
        except OSError:
            return False
        return True

    @property
    def shut(self) -> bool:
        """Between giving itself up and beginning again."""
        try:
            self.notebook.waiting()
        except NotebookClosed:
            return True
        return False

    def close(self) -> None:
        """The app is gone, at whatever it was."""
        if self._task:
            self._task.cancel()
            self._task = None
        self.road.closed = True
        self.notebook.close()

    def move(self, root: Path, full: bool = False) -> None:
        """Opens on another folder."""
        self.close()
        self._left = None
        self.disk = Disk(root, self._died)
        self.disk.fill(full)
        self.open()

    def alive(self) -> None:
        """Opens again after a death."""
        if self._left:
            self.move(self._left, self.disk.full)

    def on_patrol(self) -> UUID:
        """The patrol under way, or a new one."""
        if self.patrol is None:
            self.patrol = uuid7(self.clock.now(), self.clock.entropy(10))
        return self.patrol

    def acts(self, act: Callable[[], T]) -> T | None:
        """What a worker does; None when the phone dies of it."""
        try:
            return act()
        except Dead:
            self.alive()
            return None
        except NotebookClosed:
            return None

    def die(self, death: Death) -> None:
        """Killed now, wherever it is."""
        self.disk.die(death, "between two writes")
        self.alive()

    async def enrol(self, code: str) -> bool:
        """With a one-time code; False when the road or the bureau said no."""
        try:
            await self.courier.enrol(code, "示例手机", ADDRESS)
        except (Offline, Refused):
            return False
        except Dead:
            self.alive()
            return False
        return True

    def begin_round(
        self, troubles: tuple[Trouble, ...], at_await: Death | None, at_write: Death | None
    ) -> None:
        """One round by itself; none while one is under way, as in the app."""
        if self._task and not self._task.done():
            return
        self.road.arm(troubles)
        self.began = self.clock.true()
        self.disk.death = at_write
        self._task = asyncio.ensure_future(self._round(at_await))

    async def rested(self) -> None:
        """Until no round is under way."""
        while self._task and not self._task.done():
            done, _ = await asyncio.wait([self._task], timeout=LONGEST_S)
            if not done:
                raise TimeoutError(f"a round of phone {self.name} does not end")
        if self._task and not self._task.cancelled() and (error := self._task.exception()):
            raise error

    async def _round(self, at_await: Death | None) -> None:
        try:
            self.rounds.append(await _Mortal(self.courier.round(), at_await, self.disk))
        except Dead:
            asyncio.get_running_loop().call_soon(self.alive)
        else:
            if self.rounds[-1].why == GIVEN_UP:
                self._begin_again()
            self.disk.death = None

    def _begin_again(self) -> None:
        """As the app does; a phone killed at it begins once more."""
        self.notebook.close()
        try:
            self.open()
        except Dead:
            asyncio.get_running_loop().call_soon(self.alive)

    def _died(self, left: Path, where: str) -> None:
        self.deaths[f"phone killed {where}"] += 1
        self._left = left
        self.road.closed = True


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """What a program does before anything else of it runs; its threads are this one."""

    async def here(run: Callable[..., Any], *args: Any) -> Any:
        return run(*args)

    with swapped(asyncio, to_thread=here):
        try:
            work.send(None)
        except StopIteration as end:
            result: T = end.value
            return result
    raise AssertionError("it waits for something")


class _Mortal:
    """A coroutine that may die at its nth await."""

    def __init__(self, work: Any, death: Death | None, disk: Disk) -> None:
        self._work, self._death, self._disk = work, death, disk

    def __await__(self) -> Generator[Any, Any, RoundResult]:
        steps = self._work.__await__()
        left = self._death.nth if self._death else -1
        step: Callable[[], Any] = partial(next, steps)
        while True:
            try:
                waited = step()
            except StopIteration as end:
                result: RoundResult = end.value
                return result
            left -= 1
            if left == 0 and self._death:
                _perish(steps, self._disk.die(self._death, "at an await"))
            try:
                step = partial(steps.send, (yield waited))
            except BaseException as error:
                step = partial(steps.throw, error)


def _perish(steps: Any, dead: Dead) -> NoReturn:
    """What its clean-up still awaits never comes."""
    while True:
        with suppress(StopIteration):
            steps.throw(dead)
            continue
        raise dead
