"""A patrol begins with its first report and goes home when it ends: visits, never a track."""

from datetime import datetime, time, timedelta

from contract.ids import uuid7
from contract.patrol import Patrol, Visit
from contract.replies import ArrivalKind
from fieldapp.entry import Entry
from fieldapp.parcel import Parcel
from fieldapp.state.fields import Fields

DAY_BEGINS, NIGHT_BEGINS = time(6, 0), time(17, 30)
LONGEST = timedelta(hours=12)  # a patrol that nobody ended is over by then


def shift(at: datetime) -> str:
    return "DAY" if DAY_BEGINS <= at.time() < NIGHT_BEGINS else "NIGHT"


class Patrolling(Fields):
    """Verbs about the patrol under way, and the pen that all verbs write with."""

    async def write(self, entry: Entry) -> None:
        """The draft as it is now, on screen at once and in the notebook before the next verb."""
        self.draft = entry
        await self.keep(lambda: self.kit.notebook.write(entry))

    async def patrolling(self, now: datetime) -> None:
        """Begins a patrol unless one is under way."""
        if self.patrol and now - self.patrol.started_at < LONGEST:
            return
        if self.patrol:
            await self.end_patrol()
        if self.identity:
            patrol = Patrol(
                id=uuid7(now, self.kit.clock.entropy(10)),
                device=self.identity.device,
                author=self.identity.author,
                grid=self.identity.grid,
                shift=shift(now),
                started_at=now,
            )
            self.patrol, self.card_confirmed = patrol, False
            await self.keep(lambda: self.kit.memory.keep_patrol(patrol))

    async def visited(self, entry: Entry) -> None:
        """The compound of a sealed report counts as visited, once with its last result."""
        place = entry.report.place
        if not self.patrol or not place.compound:
            return
        visit = Visit(
            compound=place.compound, name=place.compound_name, result=entry.report.kind.value
        )
        others = tuple(v for v in self.patrol.visits if v.compound != place.compound)
        patrol = self.patrol.changed(visits=(*others, visit))
        self.patrol = patrol
        await self.keep(lambda: self.kit.memory.keep_patrol(patrol))

    async def end_patrol(self) -> None:
        """The patrol with its visits goes home like a report."""
        if not self.patrol:
            return
        now = self.now()
        ended = self.patrol.changed(ended_at=now)
        parcel = Parcel.of(ArrivalKind.PATROL, ended, ended.revision, now)

        def over() -> None:
            with self.kit.notebook.atomic():
                self.kit.notebook.post(parcel)
                self.kit.memory.keep_patrol(None)

        await self.keep(over)
        self.patrol, self.card_confirmed = None, False
        self.waiting += 1
