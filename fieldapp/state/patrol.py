"""A patrol begins with a tap or with its first report, and is sent when it ends: visits, never a
track."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contract.ids import uuid7
from contract.patrol import Patrol, Visit
from contract.place import Fix
from contract.protocol import ArrivalKind
from contract.reference import Compound
from fieldapp.patrol.proposal import Proposal, propose, wanted_compounds
from fieldapp.patrol.shifts import middle, should_end
from fieldapp.report.entry import Entry, Stage
from fieldapp.report.parcel import Parcel
from fieldapp.state import paths
from fieldapp.state.bureau import BureauState
from fieldapp.state.patrol_route import in_visit_order, last_logged_fix
from fieldapp.state.reports import ReportsState
from fieldapp.state.shell import Refresh, Show, StatePart
from fieldapp.state.sync import MINUTE_S, SyncState

LONGEST = timedelta(hours=12)  # a patrol that nobody ended is over by then
PAGE = 50
NOT_COUNTED = (Stage.DRAFT, Stage.WITHDRAWN)


def visits(logged: Iterable[Entry]) -> tuple[Visit, ...]:
    """The compounds looked at, once with each result, in the order in which these were last logged;
    `logged` is newest first. Drafts and withdrawn reports do not count."""
    found: dict[tuple[str, str], Visit] = {}
    for entry in logged:
        place, result = entry.report.place, entry.report.kind.value
        if place.compound and entry.stage not in NOT_COUNTED:
            visit = Visit(compound=place.compound, name=place.compound_name, result=result)
            found.setdefault((place.compound, result), visit)
    return tuple(reversed(found.values()))


@dataclass(eq=False)
class PatrolState(StatePart):
    bureau: BureauState
    reports: ReportsState
    sync: SyncState
    refresh: Refresh
    current: Patrol | None = None
    paused: bool = False
    ended: Patrol | None = None  # the one that was just ended, for its summary
    logged: tuple[Entry, ...] = ()  # in this patrol, newest first
    to_visit: tuple[Compound, ...] = ()
    last_fix: Fix | None = None  # where something was last logged, when the list was opened
    card_confirmed: bool = False  # the worker has seen the three lines about photos (rule L5)

    async def load(self) -> None:
        """The patrol that was under way when the app was closed."""
        memory = self.shell.kit.memory
        self.current = await self.shell.keep(memory.patrol)
        if patrol := self.current:
            confirmed = await self.shell.keep(lambda: memory.card_confirmed(patrol.id))
            self.card_confirmed = bool(confirmed)
            self.paused = bool(await self.shell.keep(memory.paused))

    def proposed(self) -> Proposal:
        places, plans = self.bureau.places, self.bureau.reference.plans
        return propose(self.shell.now(), middle(places), plans or ())

    async def start(self) -> None:
        """As proposed, in one tap; form and shift can be changed at any time."""
        await self.ensure(self.shell.now())
        await self.open()

    async def open(self) -> None:
        """The compounds to visit. Their order stands while one looks: a list that moves under a
        thumb is tapped wrongly."""
        self.ended = None
        await self.refresh()
        places, reference = self.bureau.places, self.bureau.reference
        self.last_fix = last_logged_fix((*self.logged, *self.reports.recent), places)
        first = wanted_compounds(
            reference.plans or (), reference.tasks or (), self.shell.now().date()
        )
        self.to_visit = tuple(in_visit_order(places, first, self.last_fix))
        self.shell.go(paths.PATROL)

    async def ensure(self, now: datetime) -> None:
        """Begins a patrol unless one is under way; whoever logs something is not pausing."""
        if self.current and now - self.current.started_at < LONGEST:
            if self.paused:
                await self.pause(False)
            return
        if self.current:
            await self.finish()
        if who := self.shell.identity:
            proposed = self.proposed()
            patrol = Patrol(
                id=uuid7(now, self.shell.kit.clock.entropy(10)),
                device=who.device,
                author=who.author,
                grid=who.grid,
                form=proposed.form,
                shift=proposed.shift,
                key_period=proposed.key_period,
                started_at=now,
            )
            # Whoever begins one goes on to another screen, or writes into it: either one shows it.
            self.quietly(current=patrol, card_confirmed=False, logged=())
            await self.shell.keep(lambda: self.shell.kit.memory.keep_patrol(patrol))

    async def change(self, **changes: Any) -> None:
        """Another form or shift; what is logged from now on says it."""
        if self.current:
            await self.save(self.current.changed(**changes))

    async def pause(self, on: bool = True) -> None:
        """On this phone only: the bureau is not told who rested, nor how long."""
        self.paused = on
        await self.shell.keep(lambda: self.shell.kit.memory.keep_paused(on))

    async def confirm_card(self) -> None:
        """The worker's yes to the three lines about photos, once a patrol (rule L5)."""
        if self.current and not self.card_confirmed:
            patrol, now = self.current, self.shell.now()
            self.quietly(card_confirmed=True)  # the screen with the three lines has been left
            await self.shell.keep(lambda: self.shell.kit.memory.confirm_card(patrol.id, now))

    async def update_visits(self) -> None:
        """Something was sealed, undone or taken back: what was logged is read again."""
        await self.refresh()
        if self.current and self.current.visits != (visited := visits(self.logged)):
            await self.save(self.current.changed(visits=visited))

    async def watch_clock(self) -> None:
        """While the app is open: the proposal to end the patrol comes and goes with the clock."""
        shown = False
        while True:
            due = bool(self.current and should_end(self.current, self.shell.now()))
            if due is not shown:
                shown = due
                self.notify()  # type: ignore[no-untyped-call]  # flet ships it so
            await asyncio.sleep(MINUTE_S)

    async def end(self) -> None:
        """Ends it and shows what it came to."""
        await self.finish()
        self.shell.go(paths.SUMMARY)

    async def finish(self) -> None:
        """Ends it: the patrol with its visits is sent like a report."""
        if not self.current:
            return
        await self.update_visits()
        now = self.shell.now()
        ended = self.current.changed(ended_at=now)
        parcel = Parcel.of(ArrivalKind.PATROL, ended, ended.revision, now)

        def enqueue() -> bool:
            kit = self.shell.kit
            with kit.notebook.atomic():
                kit.notebook.enqueue(parcel)
                kit.memory.keep_patrol(None)
                kit.memory.keep_paused(False)
            return True

        if await self.shell.keep(enqueue):
            self.current, self.ended = None, ended
            self.paused, self.card_confirmed = False, False
            self.sync.waiting += 1

    async def save(self, patrol: Patrol) -> None:
        """The patrol under way as it is now, on screen at once and in the notebook."""
        self.current = patrol
        await self.shell.keep(lambda: self.shell.kit.memory.keep_patrol(patrol))

    def read_again(self) -> Show:
        """Runs in a thread."""
        logged = self._read_logged(self.current or self.ended)

        def show() -> None:
            self.logged = logged

        return show

    def _read_logged(self, patrol: Patrol | None) -> tuple[Entry, ...]:
        """The reports of one patrol, newest first."""
        notebook, found = self.shell.kit.notebook, list[Entry]()
        page = notebook.entries((), PAGE) if patrol else ()
        while patrol and page:
            found += (entry for entry in page if entry.report.patrol == patrol.id)
            more = len(page) == PAGE and page[-1].report.seen_at >= patrol.started_at
            page = notebook.entries((), PAGE, page[-1]) if more else ()
        return tuple(found)
