"""Logging a place: from the first tap to the seal, every tap written down."""

from typing import Any

from contract.ids import uuid7
from contract.reference import Compound
from contract.report import FORM_VERSION, Kind, Report
from contract.rules import HOME, MOST_DISGUISES, FlawCode, flaws
from fieldapp.memory.memory import Identity
from fieldapp.ports import FixOutcome
from fieldapp.report.entry import Entry
from fieldapp.report.personal_data import find_personal_data, without_personal_data
from fieldapp.state import paths
from fieldapp.state.lookup import named_so
from fieldapp.state.nearby import nearest
from fieldapp.state.patrol_route import last_place
from fieldapp.state.placing import Placing

MOST = {"signs": 3, "disguises": MOST_DISGUISES}  # more tells the bureau nothing more
SCREENED = ("note", "institution")  # while they are typed; all of it once more before the seal
FIX_SECONDS = 20.0  # a position never holds up a report


class Drafting(Placing):
    """Verbs of the logging flow."""

    async def begin(self, kind: Kind = Kind.SITE) -> None:
        """A new draft, on its first screen at once; the position follows when it is there."""
        if not self.identity:
            return
        self.sighting, self.flaws, self.thumbs = None, (), {}
        await self.write(Entry(report=await self.blank(kind, self.identity)))
        self.go(paths.PLACE)
        await self.locate()

    async def begin_at(self, compound: Compound) -> None:
        """A draft at a compound of the list; a patrol is where one picks it."""
        if self.identity:
            self.sighting, self.flaws, self.thumbs = None, (), {}
            self.draft = Entry(report=await self.blank(Kind.SITE, self.identity))
            await self.be_at(compound)
            self.go(paths.PLACE)
            await self.locate()

    async def blank(self, kind: Kind, identity: Identity) -> Report:
        """A new report of the patrol under way, with what the phone knows by itself."""
        await self.learn()
        self.slips, self.board = {}, ()
        now = self.now()
        await self.patrolling(now)
        patrol = self.patrol
        return Report(
            id=uuid7(now, self.kit.clock.entropy(10)),
            kind=kind,
            device=identity.device,
            author=identity.author,
            patrol=patrol.id if patrol else None,
            patrol_form=patrol.form if patrol else "ROUTINE",
            shift=patrol.shift if patrol else self.proposed().shift,
            key_period=patrol.key_period if patrol else None,
            seen_at=now,
            form=FORM_VERSION,
        )

    async def seek(self) -> None:
        """Looks for a position again where a draft was left before it had one."""
        if self.draft and not self.draft.report.fix and not self.draft.report.place.compound:
            await self.locate()

    async def locate(self) -> None:
        """One shot; the nearest compound is chosen unless the worker was faster."""
        asked = self.draft
        self.locating = True
        sighting = await self.kit.locator.locate(FIX_SECONDS)
        self.locating = False
        if not self.draft or not asked or self.draft.report.id != asked.report.id:
            return
        self.sighting = sighting
        if sighting.sight is not FixOutcome.FOUND:
            return
        await self.write(self.draft.answered("fix", sighting.fix))
        await self._be_nearby()

    async def refresh(self) -> None:
        """The first places that a phone gets may come after the position of its first draft."""
        had = self.places.compounds
        await super().refresh()
        if self.places.compounds and not had:
            await self._be_nearby()

    async def _be_nearby(self) -> None:
        """At the nearest compound, unless the worker has said or written where it is."""
        if self.draft:
            report = self.draft.report
            near = nearest(self.places, report.fix)
            if near and not (report.place.compound or report.place.landmark):
                await self.be_at(near)

    async def same_place(self) -> None:
        """A second report of the same door: the step about the place is done."""
        if self.draft and (place := last_place(self.logged)):
            await self.write(self.draft.answered("place", place))
            self.go(paths.SEEN)

    async def answer(self, field: str, value: Any) -> None:
        if self.draft:
            await self.write(self.draft.answered(field, value))

    async def venue(self, code: str) -> None:
        """The kind of place; of a home no floor and no room is kept (rule L4)."""
        if self.draft:
            rooms = {"floor": None, "room": None} if code == HOME else {}
            place = self.draft.report.place.changed(venue=code, **rooms)
            await self.write(self.draft.answered("place", place))

    async def building(self, name: str) -> None:
        if self.draft:
            place = self.draft.report.place.changed(building=name, unit=None)
            await self.write(self.draft.answered("place", place))

    async def toggle(self, field: str, code: str) -> None:
        """One of several: on or off."""
        if not self.draft:
            return
        held: tuple[str, ...] = getattr(self.draft.report, field)
        if code in held:
            return await self.answer(field, tuple(other for other in held if other != code))
        if len(held) >= MOST.get(field, len(held) + 1):
            self.notice = "flaw.too_many"
            return None
        return await self.answer(field, (*held, code))

    async def note(self, field: str, text: str) -> None:
        """A keystroke: into the notebook, not onto the screen."""
        if self.draft:
            self.quietly(draft=self.draft.answered(field, text))
            entry = self.draft
            self._mark(field, text)
            await self.keep(lambda: self.kit.notebook.write(entry))

    def review(self) -> None:
        """Everything on one page, with what is missing marked."""
        self.quietly(flaws=flaws(self.draft.report, self.lists) if self.draft else ())
        self.go(paths.REVIEW)

    async def cut(self, field: str) -> None:
        """Takes the offending pieces out of a text; the rest stays as typed."""
        if not self.draft:
            return
        text: str = getattr(self.draft.report, field)
        here = [f for f in self.flaws if f.field == field and f.code == FlawCode.TOO_LONG]
        text = without_personal_data(text[: min((f.start or 0 for f in here), default=len(text))])
        await self.answer(field, text)
        self._mark(field, text)
        self.cuts += 1

    def _mark(self, field: str, text: str) -> None:
        """Screened and looked up with each key; the screen hears of it only when it comes to
        something else."""
        if field in SCREENED and self.slips.get(field, ()) != (found := find_personal_data(text)):
            self.slips = {**self.slips, field: found}
        if field == "institution" and self.board != (named := named_so(self.reference, text)):
            self.board = named

    async def resume(self, entry: Entry) -> None:
        """Goes on with a draft, or mends a report that was sent."""
        if not entry.editable:
            self.notice = "why.closed"
            return
        self.draft, self.flaws, self.sighting, self.slips = entry, (), None, {}
        if self.sealed and self.sealed.report.id == entry.report.id:
            self.sealed, self.parcel = None, None  # to undo it would take this draft away
        for field in SCREENED:
            self._mark(field, getattr(entry.report, field))
        await self.learn()
        await self.develop_thumbs(entry)
        report = entry.report  # an ad hangs on a fence, and "nothing seen" has one step
        self.go(paths.SEEN if report.place.building or report.signs else paths.PLACE)
        await self.seek()
