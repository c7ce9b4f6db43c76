"""The report that is being written: from its first tap to the seal, every tap in the notebook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contract.ids import uuid7
from contract.reference import Compound, Institution, Task
from contract.report import FORM_VERSION, Kind, Report
from contract.rules import HOME, MOST_DISGUISES, Flaw, FlawCode, flaws
from fieldapp.memory.memory import Identity
from fieldapp.memory.notices import mark_of
from fieldapp.ports import Sighting
from fieldapp.report.entry import Entry, Stage
from fieldapp.report.personal_data import (
    PersonalDataFind,
    find_personal_data,
    known_as_places,
    without_personal_data,
)
from fieldapp.report.place_marks import with_marks, with_used_marks
from fieldapp.report.recent_answers import LOOKED_BACK, recent_codes
from fieldapp.state import paths
from fieldapp.state.bureau import BureauState
from fieldapp.state.discard import discard
from fieldapp.state.lookup import institutions_named
from fieldapp.state.nearby import nearest
from fieldapp.state.patrol import PatrolState
from fieldapp.state.patrol_route import place_of
from fieldapp.state.positioning import look_for_position
from fieldapp.state.shell import StatePart
from fieldapp.state.thumbnails import Thumbnails
from fieldapp.state.undo import UndoState

MOST = {"signs": 3, "disguises": MOST_DISGUISES}  # codes; more would tell the bureau nothing
SCREENED = ("note", "institution")  # while they are typed; all texts once more before the seal


@dataclass(eq=False)
class DraftState(StatePart):
    bureau: BureauState
    patrol: PatrolState
    thumbnails: Thumbnails
    undo: UndoState
    entry: Entry | None = None
    flaws: tuple[Flaw, ...] = ()
    locating: bool = False  # for the draft at hand
    sighting: Sighting | None = None  # the outcome of the last search for a position
    personal_data: Mapping[str, tuple[PersonalDataFind, ...]] = field(default_factory=dict)
    """Found while it was typed, by field of the draft."""
    licensed: tuple[Institution, ...] = ()  # licensed ones that the typed name may be
    form: str = paths.SEEN  # the screen that the camera returns to
    text_edition: int = 0  # a text field begins anew after its words were changed for the writer
    recent_codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What was answered lately, by field of a report; it is offered first."""
    _look: object = None  # the last look for a position

    async def load(self) -> None:
        """The report that was not finished when the app was closed."""
        notebook = self.shell.kit.notebook
        drafts = await self.shell.keep(lambda: notebook.entries((Stage.DRAFT,), 1)) or ()
        self.entry = drafts[0] if drafts else None
        self.form = paths.SEEN
        if self.entry:
            await self._read_recent_codes()
            await self.thumbnails.load(self.entry)

    async def leave(self) -> None:
        """From the first screen of the form to where one came from; an empty draft vanishes."""
        await self._drop_if_empty()
        self.shell.leave(paths.PLACE)

    async def drop(self, entry: Entry) -> None:
        """Gives up what a draft has changed; one that was never sealed is discarded. Nobody but
        the worker does that (rule L12)."""
        kept = entry.dropped()
        if kept:
            await self.shell.keep(lambda: self.shell.kit.notebook.write(kept))
        else:
            await self.shell.keep(lambda: discard(self.shell.kit, entry))
        if self.entry and self.entry.report.id == entry.report.id:
            self.entry = None
        for path in [one for one in self.shell.trail if str(entry.report.id) in one]:
            self.shell.leave(path)  # there is nothing to see there any more
        await self.patrol.update_visits()
        if not self.entry:
            await self.load()

    async def begin(self, kind: Kind = Kind.SITE) -> None:
        """A new draft, on its first screen at once; the position follows when it is there."""
        if who := self.shell.identity:
            await self._forget_the_last()
            await self.write(Entry(report=await self.blank(kind, who)))
            self.shell.go(paths.PLACE)
            await self.locate()

    async def begin_at(self, compound: Compound, task: Task | None = None) -> None:
        """A draft at a compound of the list, or at the building of a task."""
        if who := self.shell.identity:
            await self._forget_the_last()
            blank, building = await self.blank(Kind.SITE, who), (task and task.building) or ""
            mark = mark_of(task) if task else ""
            report = blank.changed(task=task.id if task else None)
            self.entry = Entry(report=report, task=mark, task_building=building)
            await self.be_at(compound, building or None)
            self.shell.go(paths.PLACE)
            await self.locate()

    async def resume(self, entry: Entry) -> None:
        """Goes on with a draft, or mends a report that was sent."""
        if not entry.editable:
            self.shell.notice = "why.closed"
            return
        self.entry, self.flaws, self.sighting, self.personal_data = entry, (), None, {}
        self.undo.end_for(entry.report.id)  # to undo it would take this draft away
        self.check_texts()
        await self._read_recent_codes()
        await self.thumbnails.load(entry)
        report = entry.report  # an ad hangs on a fence, and "nothing seen" has one step
        self.form = paths.ANSWER if entry.is_asked else paths.SEEN
        begun = entry.is_asked or report.place.building or report.signs
        self.shell.go(self.form if begun else paths.PLACE)
        await self.locate_again()

    async def blank(self, kind: Kind, who: Identity) -> Report:
        """A new report of the patrol under way, with what the phone knows by itself."""
        await self._read_recent_codes()
        self.personal_data, self.licensed = {}, ()
        now = self.shell.now()
        await self.patrol.ensure(now)
        patrol = self.patrol.current
        return Report(
            id=uuid7(now, self.shell.kit.clock.entropy(10)),
            kind=kind,
            device=who.device,
            author=who.author,
            patrol=patrol.id if patrol else None,
            patrol_form=patrol.form if patrol else "ROUTINE",
            shift=patrol.shift if patrol else self.patrol.proposed().shift,
            key_period=patrol.key_period if patrol else None,
            seen_at=now,
            form=FORM_VERSION,
        )

    async def write(self, entry: Entry) -> None:
        """The draft as it is now, on screen at once and in the notebook before the next tap. What
        was marked as wrong is marked no longer when it is mended."""
        if self.flaws:
            self.quietly(flaws=flaws(entry.report, self.bureau.lists))
        self.entry = entry
        await self.shell.keep(lambda: self.shell.kit.notebook.write(entry))

    async def answer(self, name: str, value: Any) -> None:
        """Sets a field of the report, or of its place as "place.unit"."""
        if self.entry:
            await self.write(self.entry.answered(name, value))

    async def toggle(self, name: str, code: str) -> None:
        """One of several: on or off."""
        if not self.entry:
            return
        held: tuple[str, ...] = getattr(self.entry.report, name)
        if code in held:
            return await self.answer(name, tuple(other for other in held if other != code))
        if len(held) >= MOST.get(name, len(held) + 1):
            self.shell.notice = "flaw.too_many"
            return None
        return await self.answer(name, (*held, code))

    async def type(self, name: str, text: str) -> None:
        """A keystroke in a text field: into the notebook, not onto the screen."""
        if self.entry:
            self.quietly(entry=self._marked(self.entry.answered(name, text), name, text))
            entry = self.entry
            self._check_text(name, text)
            await self.shell.keep(lambda: self.shell.kit.notebook.write(entry))

    async def cut(self, name: str) -> None:
        """Takes the offending pieces out of a text; the rest stays as typed."""
        if not self.entry:
            return
        text: str = getattr(self.entry.report, name)
        too_long = [f for f in self.flaws if f.field == name and f.code == FlawCode.TOO_LONG]
        end = min((flaw.start or 0 for flaw in too_long), default=len(text))
        marks = self.entry.report.place_names
        text = without_personal_data(text[:end], marks, is_home=name == "note" and self._is_home())
        await self.write(with_used_marks(self.entry.answered(name, text)))
        self._check_text(name, text)
        self.text_edition += 1

    async def mark_as_place(self, name: str) -> None:
        """The worker says that what was taken for a person is the name of a place or a shop."""
        if not self.entry:
            return
        found = self.personal_data.get(name, ())
        pieces = [one.piece for one in found if one.may_be_place]
        await self.write(with_marks(self.entry, pieces))
        self.check_texts()

    def check_texts(self) -> None:
        """All screened texts once more: what counts as a slip depends on the place as well."""
        if self.entry:
            for name in SCREENED:
                self._check_text(name, getattr(self.entry.report, name))

    def _marked(self, entry: Entry, name: str, text: str) -> Entry:
        """With the marks that are in use, those of names that the bureau knows among them."""
        if name in SCREENED and (pieces := known_as_places(text, self.bureau.known_names())):
            return with_marks(entry, pieces)
        return with_used_marks(entry)

    def _is_home(self) -> bool:
        return bool(self.entry and self.entry.report.place.venue == HOME)

    def review(self) -> None:
        """Everything on one page, with what is missing marked."""
        found = flaws(self.entry.report, self.bureau.lists) if self.entry else ()
        self.quietly(flaws=found)
        self.shell.go(paths.REVIEW)

    def change_more(self) -> None:
        """All that was seen, of a report in which the bureau asked something."""
        self.form = paths.SEEN
        self.shell.go(paths.SEEN)

    async def be_at(self, compound: Compound, building: str | None = None) -> None:
        if self.entry:
            place = place_of(compound).changed(building=building)
            await self.write(self.entry.answered("place", place))

    async def be_at_nearest(self) -> None:
        """At the nearest compound, unless the worker has said or written where it is."""
        if self.entry:
            report = self.entry.report
            near = nearest(self.bureau.places, report.fix)
            if near and not (report.place.compound or report.place.landmark):
                await self.be_at(near)

    async def locate(self) -> None:
        """One look for a position; the nearest compound is chosen unless the worker was faster. Of
        two looks that overlap, the later one's end is the end of the search."""
        asked, self._look = self.entry, (look := object())
        self.locating = True
        try:
            sighting = await look_for_position(self.shell.kit.locator)
        finally:
            self.locating = self._look is not look
        if not self.entry or not asked or self.entry.report.id != asked.report.id:
            return
        self.sighting = sighting
        if sighting.fix is None:
            return
        await self.write(self.entry.answered("fix", sighting.fix))
        await self.be_at_nearest()

    async def locate_again(self) -> None:
        """Looks for a position where a draft was left before it had one."""
        if self.entry and not self.entry.report.fix and not self.entry.report.place.compound:
            await self.locate()

    async def _drop_if_empty(self) -> None:
        draft = self.entry
        if draft and draft.may_vanish:
            self.entry = None
            await self.shell.keep(lambda: discard(self.shell.kit, draft))

    async def _forget_the_last(self) -> None:
        await self._drop_if_empty()
        self.form = paths.SEEN
        self.sighting, self.flaws = None, ()
        self.thumbnails.clear()

    async def _read_recent_codes(self) -> None:
        """Read when a draft is opened, not at each tap: tiles that move under a thumb are hit
        wrongly."""
        notebook = self.shell.kit.notebook
        entries = await self.shell.keep(lambda: notebook.entries((), LOOKED_BACK)) or ()
        self.recent_codes = recent_codes(
            entry.report for entry in entries if entry.stage is not Stage.DRAFT
        )

    def _check_text(self, name: str, text: str) -> None:
        """Looks for personal data and for licensed institutions with each key; the screen hears of
        it only when it comes to something else."""
        found: tuple[PersonalDataFind, ...] = ()
        if name in SCREENED and self.entry:
            is_home = name == "note" and self._is_home()
            found = find_personal_data(text, self.entry.report.place_names, is_home=is_home)
        if name in SCREENED and self.personal_data.get(name, ()) != found:
            self.personal_data = {**self.personal_data, name: found}
        if name == "institution":
            named = institutions_named(self.bureau.reference, text)
            if self.licensed != named:
                self.licensed = named
