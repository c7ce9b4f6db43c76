"""A child in danger (rule L15): first the call, and beside it when and where, which is no lead."""

from dataclasses import dataclass

from contract.patrol import Alarm, Patrol
from contract.protocol import ArrivalKind
from fieldapp.report.parcel import Parcel
from fieldapp.state import paths
from fieldapp.state.bureau import BureauState
from fieldapp.state.draft import FIX_SECONDS
from fieldapp.state.nearby import nearest
from fieldapp.state.patrol import PatrolState
from fieldapp.state.shell import StatePart
from fieldapp.state.sync import SyncState


@dataclass(eq=False)
class AlarmState(StatePart):
    """The SOS card."""

    bureau: BureauState
    sync: SyncState
    patrol: PatrolState
    noted: Alarm | None = None  # since the card was opened

    def open(self) -> None:
        """The card with the numbers; nothing is written down by opening it."""
        self.noted = None
        self.shell.go(paths.SOS)

    async def note(self) -> None:
        """Called, or asked to note it: time and place once per card, the number not at all. The
        place follows when it is there."""
        if self.noted or not self.shell.identity:
            return
        now = self.shell.now()
        self.noted = alarm = Alarm(at=now)
        await self.patrol.ensure(now)
        await self._save(alarm)
        sighting = await self.shell.kit.locator.locate(FIX_SECONDS)
        near = nearest(self.bureau.places, sighting.fix)
        located = alarm.changed(fix=sighting.fix, compound=near.id if near else None)
        await self._save(located)
        await self._send()
        if self.noted == alarm:
            self.noted = located

    async def _save(self, alarm: Alarm) -> None:
        """With the patrol; in the place of the same alarm as it was before."""
        if patrol := self.patrol.current:
            others = tuple(one for one in patrol.alarms if one.at != alarm.at)
            await self.patrol.save(patrol.changed(alarms=(*others, alarm)))

    async def _send(self) -> None:
        """Now, not when the patrol ends; what the patrol says later bears the next revision."""
        patrol, now = self.patrol.current, self.shell.now()
        if not patrol:
            return
        parcel = Parcel.of(ArrivalKind.PATROL, patrol, patrol.revision, now)
        after = patrol.changed(revision=patrol.revision + 1)

        def enqueue() -> Patrol:
            kit = self.shell.kit
            with kit.notebook.atomic():
                kit.notebook.enqueue(parcel)
                kit.memory.keep_patrol(after)
            return after

        self.patrol.current = await self.shell.keep(enqueue) or self.patrol.current
        self.sync.waiting += 1
        await self.sync.run()
