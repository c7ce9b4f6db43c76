"""Sync as screens see it: the rounds to the bureau, when the next one is due, and what waits."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from fieldapp.courier.progress import GIVEN_UP, NO_DEFERRAL, Progress, RoundResult
from fieldapp.memory.values import Deferral
from fieldapp.ports import Battery, Refused, StorageFailure
from fieldapp.report.entry import Entry, Stage
from fieldapp.state import paths
from fieldapp.state.clock_check import BureauTime, clock_flaw
from fieldapp.state.photo_transfers import PhotoTransfers
from fieldapp.state.settings import SettingsState
from fieldapp.state.shell import Refresh, Show, StatePart
from fieldapp.state.sync_progress import SyncProgress
from fieldapp.state.warnings import find_warnings

FIRST_PAUSE_S, LAST_PAUSE_S = 15.0, 300.0  # between two rounds that nobody asked for
REFRESH_PAUSE_S = 1.0  # between two readings of the notebook while a round is under way
MINUTE_S = 60.0
PAGE = 50
MOST_LISTED = 30  # unfinished reports on the sync screen
# Names under which the notebook keeps a value.
QUEUE_BEGAN, SYNCED, BUREAU_TIME = "queue_began", "synced_at", "bureau_time"
WITH_PHOTOS = (Stage.DELIVERED, Stage.REVIEWED, Stage.DRAFT)
Rest = Callable[[float], Awaitable[bool]]  # waits so many seconds; True if it was cut short


def spread(pause: float, dice: bytes) -> float:
    """Between half of it and one and a half: phones that lost one mast must not all come back at
    one moment."""
    return pause * (0.5 + int.from_bytes(dice, "big") / (1 << 8 * len(dice)))


@dataclass(eq=False)
class SyncState(StatePart):
    settings: SettingsState
    refresh: Refresh
    progress: SyncProgress = field(default_factory=SyncProgress)
    counts: Mapping[Stage, int] = field(default_factory=dict)  # reports by stage
    waiting: int = 0  # parcels in the outbox
    busy: bool = False  # a round or an enrolment is under way
    last: RoundResult | None = None  # in this run of the app
    why: str = ""  # the last round did not end well, in this run of the app or before
    deferral: Deferral = NO_DEFERRAL  # until when the bureau takes no more of this phone
    held: bool = False  # photos wait for Wi-Fi, as the worker wants it
    by_data: bool = False  # these photos may go over any network, though the setting says Wi-Fi
    synced_at: datetime | None = None  # the last round that ended well
    unfinished: tuple[Entry, ...] = ()  # what the bureau lacks in part, while the screen is open
    watching: bool = False  # the sync screen is open
    battery: Battery | None = None
    warnings: tuple[str, ...] = ()  # codes of `find_warnings`
    lasting: bool = True  # the system deletes nothing of this app by itself
    revoked: bool = False  # the notebook is closed: the bureau has revoked this phone, or another
    # worker takes it over
    bureau_time: BureauTime | None = None  # as the bureau said last
    _asked_again: bool = False  # somebody asked for a round while one was under way
    _outdated: bool = False  # the round has changed the notebook since it was read
    _left: tuple[int, int] = (0, 0)  # parcels and photos, as the round said last
    _reader: asyncio.Task[None] | None = None
    _round_made: asyncio.Event = field(default_factory=asyncio.Event)

    async def load(self) -> None:
        """How the last round ended, before the app was closed."""
        last = await self.shell.keep(self.shell.kit.memory.last_round)
        self.why = (last.why if last else None) or ""
        self.lasting = await self.shell.kit.lasting()
        synced = await self.shell.keep(lambda: self.shell.kit.notebook.remembered(SYNCED))
        self.synced_at = datetime.fromisoformat(synced) if synced else None

        told = await self.shell.keep(lambda: self.shell.kit.notebook.remembered(BUREAU_TIME))
        if told:
            bureau, phone = map(datetime.fromisoformat, told.split())
            self.bureau_time = BureauTime(bureau, phone, this_run=False)

    def clock_flaw(self) -> str:
        """The code of what speaks against the phone's clock now; "" if nothing does."""
        return clock_flaw(self.shell.now(), self.bureau_time)

    def open(self) -> None:
        self.shell.go(paths.SYNC)

    async def watch(self) -> None:
        """While the sync screen is open: keeps its list up to date, and its minutes."""
        self.watching = True
        await self.refresh()
        while self.watching:
            await asyncio.sleep(MINUTE_S)
            if self.watching:
                self.notify()  # type: ignore[no-untyped-call]  # flet ships it so

    def unwatch(self) -> None:
        self.watching = False

    async def run(self) -> None:
        """One round; never fails, tells why it did not work. Who asks while one is under way gets
        another after it, if that one left something here."""
        if not self.shell.identity or self.revoked:
            return
        if self.busy:
            self._asked_again = True
            return
        self.busy, self._asked_again = True, False
        try:
            await self._round()
            if self._asked_again and (self.why or self._parcels_to_send() or self.to_send()):
                await self._round()
        finally:
            self.busy = False
            self._round_made.set()

    async def run_by_data(self) -> None:
        """The photos that wait for Wi-Fi may go now, over whatever network there is."""
        self.by_data = True
        await self.run()

    async def save_unsent(self) -> None:
        """As a file that is carried to the bureau; what is in it still waits here to be sent."""
        try:
            await self.shell.kit.save_unsent()
            self.shell.notice = "sync.saved"
        except (Refused, StorageFailure) as failure:
            self.shell.notice = f"why.{failure.code}"

    def to_send(self) -> set[str]:
        """Digests of the photos that a round would take along now."""
        refused = self.last.photos_refused if self.last else {}
        if self.held or self.deferral.photos:
            return set()
        return self.progress.photos.to_go() - refused.keys()

    def unsent(self) -> int:
        """Parcels and photos that the bureau lacks."""
        return self.waiting + len(self.progress.photos.to_go())

    def deferred_until(self) -> datetime | None:
        """When the bureau takes again what waits here; None if it takes all of it now."""
        photos = self.deferral.photos if self.progress.photos.to_go() else None
        return (self.deferral.parcels if self.waiting else None) or photos

    def _parcels_to_send(self) -> int:
        return 0 if self.deferral.parcels else self.waiting

    async def run_repeatedly(self, rest: Rest | None = None) -> None:
        """While the app is open: again soon when something waits, later and later when rounds end
        badly, and now and then for answers. A round that was asked for restarts the pauses."""
        pause = FIRST_PAUSE_S
        while True:
            asked_for = await (rest or self._rest)(spread(pause, self.shell.kit.clock.entropy(2)))
            if asked_for:
                pause = FIRST_PAUSE_S
                continue
            waiting = bool(self._parcels_to_send() or self.to_send())
            if waiting or pause >= LAST_PAUSE_S:
                await self.run()
            self._round_made.clear()
            pause = min(LAST_PAUSE_S, pause * 2) if self.why or not waiting else FIRST_PAUSE_S

    async def sealed_photos(self) -> set[str]:
        """Digests of the photos of sealed reports. Page by page: five hundred reports in one go
        would keep a tap waiting for the storage."""
        notebook, digests = self.shell.kit.notebook, set[str]()
        first = partial(notebook.entries, (Stage.SEALED,), PAGE)
        page = await self.shell.keep(first) or ()
        while page:
            digests |= _photos_of(page)
            page = await self.shell.keep(partial(first, page[-1])) or ()
        return digests

    def read_again(self, sealed_photos: set[str]) -> Show:
        """Runs in a thread."""
        notebook = self.shell.kit.notebook
        photos = self._read_photos(sealed_photos)
        counts, waiting = notebook.counts(), notebook.waiting()
        unfinished = self._read_unfinished(photos.to_go()) if self.watching else ()

        def show() -> None:
            self.progress.settle(photos)
            self.counts, self.waiting, self.unfinished = counts, waiting, unfinished

        return show

    async def _rest(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._round_made.wait()
                self._round_made.clear()
                return True
        return False

    async def _round(self) -> None:
        kit, wifi_only = self.shell.kit, self.settings.chosen.wifi_only
        self.held = wifi_only and not self.by_data and not await kit.on_wifi()
        self.last = last = await kit.courier.round(photos=not self.held, told=self._on_progress)
        self.progress.rest()
        if last.why == GIVEN_UP:
            return self._end()
        self.why, self.deferral = last.why or "", last.deferral
        if not last.why:
            self.synced_at = last.at
            await self.shell.keep(lambda: kit.notebook.remember(SYNCED, last.at.isoformat()))
        await self.refresh()
        await self._warn(last.clock_skew_s)
        self.by_data = self.by_data and bool(self.progress.photos.to_go())

    def _end(self) -> None:
        self.revoked, self._asked_again = True, False
        self.shell.kit.restart()

    async def _warn(self, skew_s: float | None) -> None:
        if skew_s is not None:
            await self._note_bureau_time(skew_s)
        said = self.bureau_time
        free = await self.shell.keep(self.shell.kit.album.free_bytes)
        charge = await self.battery.charge() if self.battery else None
        self.lasting = await self.shell.kit.lasting()
        self.warnings = find_warnings(
            free,
            charge,
            said.skew_s if said and said.this_run else None,
            None if self.lasting else self.unsent(),
        )

    async def _note_bureau_time(self, skew_s: float) -> None:
        """Remembered, for the app may be started again where there is no network."""
        phone = self.shell.now()
        self.bureau_time = said = BureauTime(phone + timedelta(seconds=skew_s), phone)
        text = f"{said.bureau.isoformat()} {said.phone.isoformat()}"
        await self.shell.keep(lambda: self.shell.kit.notebook.remember(BUREAU_TIME, text))

    def _on_progress(self, progress: Progress) -> None:
        if progress.photo:
            self.progress.hear(progress.photo, progress.photo_sent)
        left = (progress.parcels_left, progress.photos_left)
        self._outdated = self._outdated or left != self._left
        self._left = left
        if self._outdated and (self._reader is None or self._reader.done()):
            self._reader = asyncio.create_task(self._refresh_during_round())

    async def _refresh_during_round(self) -> None:
        """A receipt that came in the middle of a long round is shown now, not at its end."""
        while self._outdated and self.busy:
            self._outdated = False
            await self.refresh()
            await asyncio.sleep(REFRESH_PAUSE_S)

    def _read_photos(self, sealed_photos: set[str]) -> PhotoTransfers:
        """The photos under way, and since when: remembered, for a restart is no new beginning."""
        notebook = self.shell.kit.notebook
        began = notebook.remembered(QUEUE_BEGAN)
        since = datetime.fromisoformat(began) if began else None
        photos = PhotoTransfers.of(notebook.photos(), sealed_photos, since)
        if photos.since != since:
            now = photos.since
            notebook.remember(QUEUE_BEGAN, now.isoformat() if now else None)
        return photos

    def _read_unfinished(self, photos: set[str]) -> tuple[Entry, ...]:
        """Newest first: what waits, what was refused, and what lacks a photo at the bureau."""
        notebook = self.shell.kit.notebook
        found = list(notebook.entries((Stage.SEALED, Stage.REFUSED), MOST_LISTED))
        lacking = photos - _photos_of(found)
        page, before = [*notebook.entries(WITH_PHOTOS, PAGE)], None
        while page and lacking and len(found) < MOST_LISTED:
            with_them = [entry for entry in page if lacking & _photos_of([entry])]
            found += with_them
            lacking -= _photos_of(with_them)
            before = page[-1]
            page = [*notebook.entries(WITH_PHOTOS, PAGE, before)]
        found.sort(key=lambda entry: (entry.report.seen_at, entry.report.id), reverse=True)
        return tuple(found[:MOST_LISTED])


def _photos_of(entries: Sequence[Entry]) -> set[str]:
    return {photo.sha256 for entry in entries for photo in entry.report.photos}
