"""A patrol begins with a tap or with its first report, and goes home when it ends: visits, never a
track."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from contract.ids import uuid7
from contract.patrol import Patrol, Visit
from contract.protocol import ArrivalKind
from contract.rules import flaws
from fieldapp.patrol.proposal import Proposal, propose, wanted_compounds
from fieldapp.patrol.shifts import middle, should_end
from fieldapp.report.entry import Entry, Stage
from fieldapp.report.parcel import Parcel
from fieldapp.state import paths
from fieldapp.state.patrol_route import last_fix, to_visit
from fieldapp.state.reading import MINUTE, Reading

LONGEST = timedelta(hours=12)  # a patrol that nobody ended is over by then
NOT_SAID = (Stage.DRAFT, Stage.WITHDRAWN)


def visits(logged: Iterable[Entry]) -> tuple[Visit, ...]:
    """The compounds looked at, each once with its last result, in the order of these results;
    `logged` is newest first. What was taken back was not said."""
    last: dict[str, Visit] = {}
    for entry in logged:
        place = entry.report.place
        if place.compound and place.compound not in last and entry.stage not in NOT_SAID:
            result = entry.report.kind.value
            last[place.compound] = Visit(
                compound=place.compound, name=place.compound_name, result=result
            )
    return tuple(reversed(last.values()))


class Patrolling(Reading):
    """Verbs about the patrol under way, and the pen that all verbs write with."""

    async def write(self, entry: Entry) -> None:
        """The draft as it is now, on screen at once and in the notebook before the next verb. What
        was marked as wrong is marked no longer when it is mended."""
        if self.flaws:
            self.quietly(flaws=flaws(entry.report, self.lists))
        self.draft = entry
        await self.keep(lambda: self.kit.notebook.write(entry))

    def proposed(self) -> Proposal:
        return propose(self.now(), middle(self.places), self.reference.plans or ())

    async def start_patrol(self) -> None:
        """As proposed, in one tap; form and shift can be changed at any time."""
        await self.patrolling(self.now())
        await self.walk()

    async def walk(self) -> None:
        """The compounds to visit. Their order stands while one looks: a list that moves under a
        thumb is tapped wrongly."""
        self.over = None
        await self.refresh()
        self.here = last_fix((*self.logged, *self.recent), self.places)
        first = wanted_compounds(
            self.reference.plans or (), self.reference.tasks or (), self.now().date()
        )
        self.order = tuple(to_visit(self.places, first, self.here))
        self.go(paths.PATROL)

    async def patrolling(self, now: datetime) -> None:
        """Begins a patrol unless one is under way; whoever logs something is not pausing."""
        if self.patrol and now - self.patrol.started_at < LONGEST:
            if self.paused:
                await self.pause(False)
            return
        if self.patrol:
            await self.finish()
        if self.identity:
            proposed = self.proposed()
            patrol = Patrol(
                id=uuid7(now, self.kit.clock.entropy(10)),
                device=self.identity.device,
                author=self.identity.author,
                grid=self.identity.grid,
                form=proposed.form,
                shift=proposed.shift,
                key_period=proposed.key_period,
                started_at=now,
            )
            # Whoever begins one goes on to another screen, or writes into it: either one shows it.
            self.quietly(patrol=patrol, card_confirmed=False, logged=())
            await self.keep(lambda: self.kit.memory.keep_patrol(patrol))

    async def change_patrol(self, **changes: Any) -> None:
        """Another form or shift; what is logged from now on says it."""
        if self.patrol:
            await self._keep_patrol(self.patrol.changed(**changes))

    async def pause(self, on: bool = True) -> None:
        """On this phone only: the bureau is not told who rested, nor how long."""
        self.paused = on
        await self.keep(lambda: self.kit.memory.keep_paused(on))

    async def tally(self) -> None:
        """What this patrol has logged, read again: something was sealed, undone or taken back."""
        await self.refresh()
        if self.patrol and self.patrol.visits != (said := visits(self.logged)):
            await self._keep_patrol(self.patrol.changed(visits=said))

    async def minutes(self) -> None:
        """While the app is open: the proposal to end it comes and goes with the clock."""
        shown = False
        while True:
            due = bool(self.patrol and should_end(self.patrol, self.now()))
            if due is not shown:
                shown = due
                self.notify()  # type: ignore[no-untyped-call]  # flet ships it so
            await asyncio.sleep(MINUTE)

    async def end_patrol(self) -> None:
        """Ends it and shows what it came to."""
        await self.finish()
        self.go(paths.SUMMARY)

    async def finish(self) -> None:
        """The patrol with its visits goes home like a report."""
        if not self.patrol:
            return
        await self.tally()
        now = self.now()
        ended = self.patrol.changed(ended_at=now)
        parcel = Parcel.of(ArrivalKind.PATROL, ended, ended.revision, now)

        def over() -> bool:
            with self.kit.notebook.atomic():
                self.kit.notebook.enqueue(parcel)
                self.kit.memory.keep_patrol(None)
                self.kit.memory.keep_paused(False)
            return True

        if await self.keep(over):
            self.patrol, self.over = None, ended
            self.paused, self.card_confirmed = False, False
            self.waiting += 1

    async def _keep_patrol(self, patrol: Patrol) -> None:
        self.patrol = patrol
        await self.keep(lambda: self.kit.memory.keep_patrol(patrol))
