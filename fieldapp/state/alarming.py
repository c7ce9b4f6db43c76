"""A child in danger (rule L15): first the call, and beside it when and where, which is no lead."""

from contract.patrol import Alarm, Patrol
from contract.protocol import ArrivalKind
from fieldapp.report.parcel import Parcel
from fieldapp.state import paths
from fieldapp.state.drafting import FIX_SECONDS
from fieldapp.state.nearby import nearest
from fieldapp.state.patrolling import Patrolling
from fieldapp.state.sending import Sending


class Alarming(Patrolling, Sending):
    """Verbs of the SOS card."""

    def sos(self) -> None:
        """The card with the numbers; nothing is written down by opening it."""
        self.alarm = None
        self.go(paths.SOS)

    async def alarmed(self) -> None:
        """Called, or asked to note it: time and place once per card, the number not at all."""
        if self.alarm or not self.identity:
            return
        now = self.now()
        self.alarm = alarm = Alarm(at=now)
        await self.patrolling(now)
        await self._note(alarm)
        sighting = await self.kit.locator.locate(FIX_SECONDS)
        near = nearest(self.places, sighting.fix)
        found = alarm.changed(fix=sighting.fix, compound=near.id if near else None)
        await self._note(found)
        await self._tell()
        if self.alarm == alarm:
            self.alarm = found

    async def _note(self, alarm: Alarm) -> None:
        """In the notebook at once, without a place; the place follows when it is there."""
        if self.patrol:
            others = tuple(one for one in self.patrol.alarms if one.at != alarm.at)
            await self._keep_patrol(self.patrol.changed(alarms=(*others, alarm)))

    async def _tell(self) -> None:
        """Goes home now, not when the patrol ends; what is told later bears the next number."""
        if not self.patrol:
            return
        told, now = self.patrol, self.now()
        parcel = Parcel.of(ArrivalKind.PATROL, told, told.revision, now)
        after = told.changed(revision=told.revision + 1)

        def post() -> Patrol:
            with self.kit.notebook.atomic():
                self.kit.notebook.enqueue(parcel)
                self.kit.memory.keep_patrol(after)
            return after

        self.patrol = await self.keep(post) or self.patrol
        self.waiting += 1
        await self.sync()
