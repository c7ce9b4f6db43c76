"""Keeps anchors outside the database: in the journal, in a file elsewhere, and on phones."""

import asyncio
import logging
import os
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from contract.anchor import Anchor, Witness
from contract.zone import ZONE
from sync_server.auditing.chains import anchor_now
from sync_server.problems import Problem
from sync_server.settings import Clock, Settings
from sync_server.store.engine import Store

EVERY_S = 600
journal = logging.getLogger("xuncha.anchors")


class Anchors:
    """The newest anchor. It is read every ten minutes, apart from the calls of phones, and written
    down if rows were added since; each phone is told it once a day (UTC)."""

    def __init__(self, store: Store, settings: Settings, clock: Clock) -> None:
        self._store, self._settings, self._clock = store, settings, clock
        self._newest: Anchor | None = None
        self._day, self._told = date.min, set[str]()

    def for_phone(self, device: str, now: datetime) -> Anchor | None:
        """What this phone is told with the reply to its call; None for nothing new to it. One
        thread at a time."""
        if self._newest is None:
            return None
        if self._day != now.astimezone(UTC).date():
            self._day, self._told = now.astimezone(UTC).date(), set()
        if device in self._told:
            return None
        self._told.add(device)
        return self._newest

    def renew(self) -> None:
        """Reads where the chains end, and writes it down if that is news. Blocks."""
        with self._store.reading() as tx:
            anchor = anchor_now(tx)
        if anchor is None or anchor == self._newest:
            return
        self._newest = anchor
        line = witness_of(self._store.bureau, anchor, self._clock()).line()
        journal.info("%s", line)
        if self._settings.anchors:
            _append(Path(self._settings.anchors), line)

    async def renew_forever(self) -> None:
        """Renews now and every ten minutes, until cancelled."""
        while True:
            with suppress(Problem):  # the database is busy: it is tried again
                await asyncio.to_thread(self.renew)
            await asyncio.sleep(EVERY_S)


def witness_of(bureau: str, anchor: Anchor, now: datetime) -> Witness:
    """This anchor with the bureau and the day, by this machine's time zone."""
    return Witness(bureau=bureau, day=now.astimezone(ZONE).date(), anchor=anchor)


def to_journal() -> None:
    """From now on anchors are written to stderr, which a service's journal keeps."""
    journal.setLevel(logging.INFO)
    journal.addHandler(logging.StreamHandler())


def _append(file: Path, line: str) -> None:
    """A file that cannot be written is told of and keeps nobody waiting."""
    try:
        with file.open("a", encoding="utf-8") as out:
            out.write(line + "\n")
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        journal.error("the anchor was not written to %s: %s", file, error.strerror)
