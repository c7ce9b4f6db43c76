"""The bureau's machine: one or two processes of the real server on one disk, killed and restarted.

On PostgreSQL the database is not on this disk: a crash ends its transaction, and a backup of the
bureau is a copy of its rows.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import OperationalError

import sync_server.store.engine
from sync_server import console
from sync_server.app import build_app
from sync_server.settings import Clock, Settings
from sync_server.store.arrival_key import read_key
from sync_server.store.engine import Store
from tests.simulation.call import Call, Headers
from tests.simulation.compiling import compiled_once
from tests.simulation.disk import Dead, Death, Disk, counted
from tests.simulation.swapping import swapped

FILE = "bureau.db"


class Down(Exception):
    """No process listens."""


class Machine:
    """Up from `start` on, and again some seconds after each crash."""

    def __init__(self, root: Path, settings: Settings, clock: Clock) -> None:
        self.disk = Disk(root, self._died)
        self.settings, self.clock = settings, clock
        self.processes, self.down_s = 1, 30.0
        self.at_statement: Death | None = None
        self.crashes: Counter[str] = Counter()
        self.full = False
        self._apps: list[FastAPI] = []
        self._engines: list[Engine] = []
        self._opened: list[Engine] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._late: set[asyncio.Future[None]] = set()
        self._called = 0
        self.broken: list[str] = []  # errors that no program of ours foresaw

    @property
    def store(self) -> Store:
        """For who works at the bureau; raises Down."""
        if not self._engines or self.disk.dead:
            raise Down
        return Store(self._engines[0], self.settings.bureau, read_key(self.key_file))

    @property
    def key_file(self) -> Path:
        """On the disk of now, which another takes the place of after a crash."""
        return replace(self.settings, photos=self.disk.root / "photos").key_file

    @property
    def sqlite(self) -> bool:
        return self.settings.database.startswith("sqlite")

    def start(self) -> None:
        """All its processes, on what lies on the disk; without the console, where nobody looks."""
        settings = replace(self.settings, photos=self.disk.root / "photos")
        if self.sqlite:
            settings = replace(settings, database=f"sqlite:///{self.disk.root / FILE}")
        kept, no_pages = self._engines_kept(), swapped(console, all_pages=lambda *_: APIRouter())
        with suppress(Dead), kept, no_pages:  # killed while it starts, it is down as otherwise
            self._apps = [build_app(settings, self.clock) for _ in range(self.processes)]
        for app in self._apps:
            self._own(self._living(app))

    def stop(self) -> None:
        """Pulls the plug; what is under way hears nothing more."""
        for task in self._tasks:
            task.cancel()
        self._apps, self._engines = [], []
        for engine in self._opened:  # a thread that came too late may have connected once more
            engine.dispose()

    def call(self, method: str, path: str, headers: Headers) -> Call:
        """A request reaches a process; raises Down. All of one upload meet at one process."""
        if not self._apps or self.disk.dead:
            raise Down
        call = Call(method, path, headers)
        self._called += 1
        turn = sum(path.encode()) if path.startswith("/v1/photos/") else self._called
        call.task = self._own(call.run(self._apps[turn % len(self._apps)]))
        return call

    def later(self, seconds: float, then: Callable[[], Awaitable[None]]) -> None:
        """Something on the road that arrives later."""

        async def waiting() -> None:
            await asyncio.sleep(seconds)
            await then()

        task = asyncio.ensure_future(waiting())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def quiet(self) -> None:
        """Until nothing is on the road any more and the machine is up."""
        while self._late or self.disk.dead:  # noqa: ASYNC110  # simulated seconds cost nothing
            await asyncio.sleep(10)

    def move(self, root: Path) -> None:
        """Starts again from another folder: after a crash, or from a backup."""
        self.stop()
        self.disk = Disk(root, self._died)
        self.fill(self.full)
        self.start()

    @contextmanager
    def unharmed(self) -> Iterator[None]:
        """Who only looks from above sets no death off and finds room."""
        disk = self.disk
        held = self.at_statement, disk.death, disk.full
        self.at_statement, disk.death, disk.full = None, None, False
        try:
            yield
        finally:
            self.at_statement, disk.death, disk.full = held

    def shelf(self) -> dict[str, bytes]:
        """All finished pictures by the digest that names them."""
        return {p.stem: p.read_bytes() for p in self.disk.root.glob("photos/*/photos/*/*.jpg")}

    def shelved(self) -> set[str]:
        """The names alone."""
        return {p.stem for p in self.disk.root.glob("photos/*/photos/*/*.jpg")}

    def fill(self, full: bool) -> None:
        self.full = full
        self.disk.fill(full)

    def _died(self, left: Path, where: str) -> None:
        self.crashes[f"server killed {where}"] += 1
        loop = asyncio.get_running_loop()
        loop.call_soon(self.stop)
        loop.call_later(self.down_s, self._back, self.disk, left)

    def _back(self, dead: Disk, left: Path) -> None:
        if self.disk is dead:  # else a backup was put in its place meanwhile
            self.move(left)

    async def _living(self, app: FastAPI) -> None:
        async with app.router.lifespan_context(app):
            await asyncio.Event().wait()

    def _own(self, work: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error and not isinstance(error, Dead):
            self.broken.append(repr(error))

    @contextmanager
    def _engines_kept(self) -> Iterator[None]:
        """The tables are up to date: a world begins with a copy of a migrated database."""

        def created(*args: Any, **options: Any) -> Engine:
            engine = compiled_once(create_engine(*args, **options))
            self._engines.append(engine)
            self._opened.append(engine)
            self._watch(engine, self.disk)
            return engine

        with swapped(sync_server.store.engine, create_engine=created, migrate=lambda _: None):
            yield

    def _watch(self, engine: Engine, disk: Disk) -> None:
        def statement(_: Any, __: Any, sql: str, *___: Any) -> None:
            if disk.dead:
                raise Dead
            if disk.full and not self.sqlite and sql.startswith(("INSERT", "UPDATE")):
                raise OperationalError(sql, None, psycopg.errors.DiskFull("no space left"))
            due, self.at_statement = counted(self.at_statement)
            if due:
                raise disk.die(due, "at a statement")

        def connected(connection: Any, _: Any) -> None:
            connection.commit = partial(disk.write, connection.commit)

        event.listen(engine, "before_cursor_execute", statement)
        if not self.sqlite:  # there the disk itself counts commits and says that it is full
            event.listen(engine, "connect", connected)
