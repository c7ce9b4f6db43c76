"""Between the programs and the machine: files and SQLite as they are, on disks that may die."""

import os
import sqlite3
import sqlite3.dbapi2
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection

from sync_server.store.prepared import CompiledStatement, Values
from tests.simulation.disk import FULL_SYNC, Disk
from tests.simulation.swapping import swapped

REAL = {
    name: getattr(os, name)
    for name in ("pwrite", "fsync", "replace", "rename", "link", "unlink", "truncate")
}
CONNECT, RUN = sqlite3.connect, CompiledStatement.run


class Watched(sqlite3.Connection):
    """A connection whose commits are writes of a disk."""

    disk: Disk

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql == "COMMIT":
            return self.disk.write(lambda: self._committed(sql))
        return super().execute(sql, *values)

    def commit(self) -> None:
        if self.in_transaction:
            self.execute("COMMIT")

    def close(self) -> None:
        self.disk.connections.discard(self)
        super().close()

    def _committed(self, sql: str) -> sqlite3.Cursor:
        if super().execute("PRAGMA synchronous").fetchone()[0] < FULL_SYNC:
            self.disk.careless = True
        return super().execute(sql)


@contextmanager
def simulated_disks(disks: Callable[[], Iterable[Disk]]) -> Iterator[None]:
    """Inside, what is written below the root of one of the disks goes through that disk."""

    def of(place: Any) -> Disk | None:
        path = os.readlink(f"/proc/self/fd/{place}") if isinstance(place, int) else os.fspath(place)
        return next((one for one in disks() if f"{path}/".startswith(f"{one.root}/")), None)

    def pwrite(fd: int, piece: bytes, at: int) -> int:
        if (disk := of(fd)) is None:
            return int(REAL["pwrite"](fd, piece, at))
        disk.room()

        def torn(part: float) -> None:
            REAL["pwrite"](fd, piece[: int(len(piece) * part)], at)

        return int(disk.write(lambda: REAL["pwrite"](fd, piece, at), torn))

    def fsync(fd: int) -> None:
        if (disk := of(fd)) is None:
            return
        disk.room()
        path = Path(os.readlink(f"/proc/self/fd/{fd}"))
        disk.write(lambda: disk.sync(path), lambda _: None)

    def named(name: str) -> Callable[..., None]:
        """All of it or nothing: a rename, a link, the end of a name."""

        def run(place: Any, *more: Any, **options: Any) -> None:
            disk = of(place)
            if disk is None:
                REAL[name](place, *more, **options)
            else:
                disk.write(lambda: REAL[name](place, *more, **options), lambda _: None)

        return run

    def connect(place: Any, *args: Any, **options: Any) -> sqlite3.Connection:
        disk = of(place) if place != ":memory:" else None
        kind = Watched if disk else sqlite3.Connection
        connection: Any = CONNECT(place, *args, factory=kind, **options)
        if disk is None:
            return cast(sqlite3.Connection, connection)  # typeshed says Any for a factory
        connection.disk = disk
        disk.connections.add(connection)
        if disk.full:
            disk.limit(connection)
        return cast(sqlite3.Connection, connection)

    files: dict[str, Callable[..., Any]] = {
        name: named(name) for name in ("replace", "rename", "link", "unlink", "truncate")
    }
    files |= {"pwrite": pwrite, "fsync": fsync}
    with (
        swapped(os, **files),
        swapped(sqlite3, connect=connect),
        swapped(sqlite3.dbapi2, connect=connect),
        swapped(CompiledStatement, run=_heard),
    ):
        yield


def _heard(
    statement: CompiledStatement, connection: Connection, values: Sequence[Values]
) -> list[Any]:
    """What SQLAlchemy executes is heard by who listens, and here what it only wrote is, too: a
    machine may die at each statement."""
    said = (connection, None, statement.sql, (), None, len(values) > 1)
    connection.engine.dispatch.before_cursor_execute(*said)
    return RUN(statement, connection, values)
