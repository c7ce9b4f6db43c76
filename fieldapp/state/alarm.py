"""A child in danger (rule L15): first the call, and beside it when and where, which is no lead."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from contract.patrol import Alarm, Patrol
from contract.protocol import ArrivalKind
from fieldapp.ports import Sighting
from fieldapp.report.parcel import Parcel
from fieldapp.state import paths
from fieldapp.state.bureau import BureauState
from fieldapp.state.nearby import nearest
from fieldapp.state.patrol import PatrolState
from fieldapp.state.positioning import look_for_position
from fieldapp.state.shell import StatePart
from fieldapp.state.sync import SyncState

AT_ONCE_S = 0.05  # a position that takes longer follows in a message of its own


@dataclass(eq=False)
class AlarmState(StatePart):
    """The SOS card."""

    bureau: BureauState
    sync: SyncState
    patrol: PatrolState
    noted: Alarm | None = None  # since the card was opened
    _patrol: UUID | None = None  # that says it

    def open(self) -> None:
        """The card with the numbers; nothing is written down by opening it."""
        self.noted = None
        self.shell.go(paths.SOS)

    async def note(self) -> None:
        """Called, or asked to note it: time and place once per card, the number not at all. It is
        in the outbox at once, whatever the position does; that follows when it is there."""
        if self.noted or not self.shell.identity:
            return
        now = self.shell.now()
        self.noted = alarm = Alarm(at=now)
        look = asyncio.create_task(look_for_position(self.shell.kit.locator))
        await self.patrol.ensure(now)
        self._patrol = self.patrol.current.id if self.patrol.current else None
        await asyncio.wait({look}, timeout=AT_ONCE_S)
        if look.done():  # it was known already: one message says both
            await self._tell(self._located(alarm, look.result()))
            return await self.sync.run()
        await self._tell(alarm)
        await asyncio.gather(self.sync.run(), self._follow(alarm, look))
        return None

    async def _follow(self, alarm: Alarm, look: asyncio.Task[Sighting]) -> None:
        """The same alarm once more, with the position that came; nothing if none did."""
        located = self._located(alarm, await look)
        if located != alarm:
            await self._tell(located)
            await self.sync.run()

    def _located(self, alarm: Alarm, sighting: Sighting) -> Alarm:
        near = nearest(self.bureau.places, sighting.fix)
        return alarm.changed(fix=sighting.fix, compound=near.id if near else None)

    async def _tell(self, alarm: Alarm) -> None:
        """Puts the patrol into the outbox with this alarm, in the place of the same one as it was
        before: now, not when the patrol ends. What the patrol says later bears the next revision.
        A patrol that ended meanwhile has said the alarm; it is not begun anew for its position."""
        patrol, now = self.patrol.current, self.shell.now()
        if not patrol or (self._patrol and patrol.id != self._patrol):
            return
        others = tuple(one for one in patrol.alarms if one.at != alarm.at)
        told = patrol.changed(alarms=(*others, alarm))
        parcel = Parcel.of(ArrivalKind.PATROL, told, told.revision, now)
        after = told.changed(revision=told.revision + 1)

        def enqueue() -> Patrol:
            kit = self.shell.kit
            with kit.notebook.atomic():
                kit.notebook.enqueue(parcel)
                kit.memory.keep_patrol(after)
            return after

        kept = await self.shell.keep(enqueue)
        self.patrol.current = kept or told  # on a full disk it goes with what the patrol says next
        self.sync.waiting += bool(kept)
        if self.noted and self.noted.at == alarm.at:
            self.noted = alarm
