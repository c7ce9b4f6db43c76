"""A machine's disk that may be full, and that may lose its machine at any write.

What survives is a copy of the folder as it was at that moment: whatever the dead program's own
clean-up still does, it does to a folder that nobody opens again. After a power cut the copy lacks
what was never synced.
"""

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
Images = dict[Path, bytes]
MOST_PAGES = 2**31 - 2
FULL_SYNC = 2
SQLITE = (".db", ".db-wal", ".db-shm")  # it says itself what of these is synced


class How(StrEnum):
    """Where in a write the machine dies."""

    BEFORE = "before"
    TORN = "torn"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Death:
    """At the `nth` write, await or statement from now. With `power` gone, what was not synced is
    lost; `part` says how much of a torn thing is there."""

    nth: int
    how: How = How.AFTER
    power: bool = False
    part: float = 0.5


def counted(death: Death | None) -> tuple[Death | None, Death | None]:
    """One more moment at which it may be time: the death when it is, else what is left of it."""
    if death is None or death.nth <= 1:
        return death, None
    return None, replace(death, nth=death.nth - 1)


class Dead(BaseException):
    """The machine is gone: nothing of its program may catch this."""


@dataclass(eq=False)
class Disk:
    """One machine's folder. `died` hears the folder that is left, and where death came."""

    root: Path
    died: Callable[[Path, str], None]
    death: Death | None = None
    full: bool = False
    dead: bool = False
    careless: bool = False  # somebody committed without waiting for the disk
    connections: set[sqlite3.Connection] = field(default_factory=set)
    synced: dict[int, bytes] = field(default_factory=dict)
    listed: dict[Path, dict[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """What lies here already has been here for long."""
        self.root.mkdir(parents=True, exist_ok=True)
        for folder, _, names in os.walk(self.root):
            for name in names:
                self.sync(Path(folder, name))
            self.sync(Path(folder))

    def write(self, run: Callable[[], T], torn: Callable[[float], None] | None = None) -> T:
        """Runs one write, unless the machine dies before, in or after it."""
        if self.dead:
            raise Dead
        due, self.death = counted(self.death)
        if due is None:
            return run()
        if due.how is How.BEFORE:
            raise self.die(due, "before a write")
        if due.how is How.TORN and torn:
            torn(due.part)
            raise self.die(due, "in a write")
        before = self._files() if due.how is How.TORN else None
        run()
        raise self.die(due, "in a write" if before else "after a write", before)

    def die(self, death: Death, where: str, before: Images | None = None) -> Dead:
        """Copies what is left and tells it; the caller raises what this gives back."""
        self.dead = True
        left = self.root.with_name(f"{self.root.name}+")
        shutil.copytree(self.root, left, ignore=shutil.ignore_patterns("*-shm"))
        if before and not _checkpointed(left, before):
            for path, old in before.items():
                _tear(left / path, old, death.part)
        if death.power:
            self._forget_unsynced(left, death.part)
        self.died(left, f"{where}{', power cut' if death.power else ''}")
        return Dead()

    def fill(self, full: bool) -> None:
        """No room any more, or room again."""
        self.full = full
        for connection in self.connections:
            self.limit(connection)

    def limit(self, connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0] if self.full else MOST_PAGES
        connection.execute(f"PRAGMA max_page_count = {pages}")

    def room(self) -> None:
        """Raises what a full disk raises."""
        if self.full:
            raise OSError(errno.ENOSPC, "no space left on device")

    def sync(self, path: Path) -> None:
        """This file's bytes, or this folder's names, are on the disk."""
        if path.is_dir():
            self.listed[path] = {one.name: one.inode() for one in os.scandir(path)}
        elif not path.name.endswith(SQLITE):
            self.synced[path.stat().st_ino] = path.read_bytes()

    def _files(self) -> Images:
        """What SQLite's files held before: its log to tear, its database to see a checkpoint."""
        found = [p for p in self.root.rglob("*.db*") if not p.name.endswith("-shm")]
        return {path.relative_to(self.root): path.read_bytes() for path in found}

    def _forget_unsynced(self, left: Path, part: float) -> None:
        for folder, _, names in os.walk(self.root):
            listed = self.listed.get(Path(folder), {})
            for name in names:
                here, copy = Path(folder, name), left / Path(folder, name).relative_to(self.root)
                if name.endswith(SQLITE):
                    if self.careless and name.endswith("-wal"):
                        copy.unlink(missing_ok=True)
                elif listed.get(name) != here.stat().st_ino and part < 0.5:
                    copy.unlink()
                elif self.synced.get(here.stat().st_ino) != here.read_bytes():
                    os.truncate(copy, int(copy.stat().st_size * part))


def _tear(log: Path, old: bytes, part: float) -> None:
    """The log as it is when the machine dies while it is written: its new bytes up to somewhere."""
    if not log.name.endswith("-wal"):
        return
    new = log.read_bytes()
    differs = [n for n in range(0, len(new), 64) if new[n : n + 64] != old[n : n + 64]]
    if differs:
        at = differs[0] + int((differs[-1] + 64 - differs[0]) * part)
        log.write_bytes(new[:at] + old[at:])


def _checkpointed(left: Path, before: Images) -> bool:
    """Then the log was synced before the database was written: it cannot be torn any more."""
    databases = (path for path in before if path.suffix == ".db")
    return any((left / path).read_bytes() != before[path] for path in databases)
