"""The way to the bureau and back, as screens see it: rounds, and when the next one is due."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from contract.invitation import Invitation
from fieldapp.courier.progress import GIVEN_UP, Progress
from fieldapp.ports import Battery, Offline, Refused
from fieldapp.report.entry import Stage
from fieldapp.state.locking import SALT
from fieldapp.state.reading import SYNCED, Reading
from fieldapp.state.warnings import find_warnings

SOON, LATE = 15.0, 300.0  # seconds between two tries by themselves
CALM = 1.0  # seconds between two readings of the notebook while a round is under way
JOTTED = "jotted"  # under this name the notebook remembers an unsent suggestion
Rest = Callable[[float], Awaitable[bool]]


def spread(pause: float, dice: bytes) -> float:
    """Between half of it and one and a half: phones that lost one mast must not all come back at
    one moment."""
    return pause * (0.5 + int.from_bytes(dice, "big") / (1 << 8 * len(dice)))


@dataclass(eq=False)
class Sending(Reading):
    """Verbs about the road."""

    battery: Battery | None = None
    worries: tuple[str, ...] = ()
    gone: bool = False  # this phone was given up, its notebook is closed
    _skew_s: float | None = None  # as the bureau last said
    _again: bool = False  # somebody asked while a round was under way
    _stale: bool = False
    _told: tuple[int, int] = (0, 0)
    _reader: asyncio.Task[None] | None = None
    _round_made: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self) -> None:
        """What the phone knew when it was closed, the unfinished draft included."""
        memory = self.kit.memory
        self.lock.salt = self.kit.clock.entropy(SALT)
        await self.lock.open(self.kit.safe, self.kit.biometrics)
        self.identity = await self.keep(memory.identity)
        self.settings = await self.keep(memory.settings) or self.settings
        self.kit.light(self.settings.theme)
        self.patrol = await self.keep(memory.patrol)
        if patrol := self.patrol:
            confirmed = await self.keep(lambda: memory.card_confirmed(patrol.id))
            self.card_confirmed = bool(confirmed)
            self.paused = bool(await self.keep(memory.paused))
        await self._remember_the_road()
        jotted = await self.keep(lambda: self.kit.notebook.remembered(JOTTED))
        self.jotted = jotted or ""
        await self.refresh()
        drafts = await self.keep(lambda: self.kit.notebook.entries((Stage.DRAFT,), 1)) or ()
        self.draft = drafts[0] if drafts else None
        if self.draft:
            await self.learn()
            await self.develop_thumbs(self.draft)

    async def enrol(self, code: str, address: str) -> None:
        self.notice, self.busy = "", True
        if invited := Invitation.parse(code):  # pasted, or read by the camera
            code, address = invited.code, invited.pinned_address()
        try:
            self.identity = await self.kit.courier.enrol(code, self.kit.model, address)
        except Offline as offline:
            self.notice = f"why.{offline.why}"
        except Refused as refused:
            self.notice = f"why.{refused.code}"
        finally:
            self.busy = False
        self.enrolling = self.enrolling and bool(self.notice)
        if self.lock.forgotten and not self.notice:
            await self.lock.release()
        if self.identity and not self.enrolling:
            await self.sync()

    def enrol_again(self) -> None:
        """The bureau no longer knows this phone: a new code gives it a new name."""
        self.enrolling = True

    def stay_enrolled(self) -> None:
        """Without a code at hand: what is on the phone can be read and gone on with."""
        self.enrolling, self.notice = False, ""

    async def sync(self) -> None:
        """One round trip; never fails, tells why it did not work. Who asks while one is under way
        gets another after it, if that one left something here."""
        if not self.identity or self.gone:
            return
        if self.busy:
            self._again = True
            return
        self.busy, self._again = True, False
        try:
            await self._round()
            if self._again and (self.why or self.waiting or self.to_send()):
                await self._round()
        finally:
            self.busy = False
            self._round_made.set()

    async def sync_by_data(self) -> None:
        """The photos that wait for Wi-Fi may go now, over whatever network there is."""
        self.by_data = True
        await self.sync()

    def to_send(self) -> set[str]:
        """Photos that a round would take along now."""
        refused = self.last.photos_refused if self.last else {}
        return set() if self.held else self.traffic.freight.to_go() - refused.keys()

    async def heartbeat(self, rest: Rest | None = None) -> None:
        """While the app is open: again soon when something waits, later and later when the road
        is bad, and now and then for answers. A round that was asked for begins the count anew."""
        pause = SOON
        while True:
            asked_for = await (rest or self._rest)(spread(pause, self.kit.clock.entropy(2)))
            if asked_for:
                pause = SOON
                continue
            waiting = bool(self.waiting or self.to_send())
            if waiting or pause >= LATE:
                await self.sync()
            self._round_made.clear()
            pause = min(LATE, pause * 2) if self.why or not waiting else SOON

    async def _rest(self, seconds: float) -> bool:
        """True when it was cut short by somebody's round."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._round_made.wait()
                self._round_made.clear()
                return True
        return False

    async def _round(self) -> None:
        self.held = self.settings.wifi_only and not self.by_data and not await self.kit.on_wifi()
        self.last = last = await self.kit.courier.round(photos=not self.held, told=self._heard)
        self.traffic.rest()
        if last.why == GIVEN_UP:
            return self._end()
        self.why = last.why or ""
        if not last.why:
            self.synced_at = last.at
            await self.keep(lambda: self.kit.notebook.remember(SYNCED, last.at.isoformat()))
        await self.refresh()
        await self._worry(last.clock_skew_s)
        self.by_data = self.by_data and bool(self.traffic.freight.to_go())

    def _end(self) -> None:
        self.gone, self._again = True, False
        self.kit.ended()

    async def _worry(self, skew_s: float | None) -> None:
        self._skew_s = self._skew_s if skew_s is None else skew_s
        room = await self.keep(self.kit.album.free_bytes)
        charge = await self.battery.charge() if self.battery else None
        self.worries = find_warnings(room, charge, self._skew_s)

    async def _remember_the_road(self) -> None:
        last = await self.keep(self.kit.memory.last_round)
        self.why = (last.why if last else None) or ""
        synced = await self.keep(lambda: self.kit.notebook.remembered(SYNCED))
        self.synced_at = datetime.fromisoformat(synced) if synced else None

    def _heard(self, progress: Progress) -> None:
        if progress.photo:
            self.traffic.hear(progress.photo, progress.photo_sent)
        left = (progress.parcels_left, progress.photos_left)
        self._stale = self._stale or left != self._told
        self._told = left
        if self._stale and (self._reader is None or self._reader.done()):
            self._reader = asyncio.create_task(self._read_on())

    async def _read_on(self) -> None:
        """A receipt that came in the middle of a long round is seen now, not at its end."""
        while self._stale and self.busy:
            self._stale = False
            await self.refresh()
            await asyncio.sleep(CALM)
