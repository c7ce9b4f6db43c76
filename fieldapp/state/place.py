"""Where something was seen: compound, building and unit to tap; words only as a last resort."""

from dataclasses import dataclass
from typing import Any

from contract.address import parse
from contract.place import Place
from contract.reference import Compound
from contract.report import Kind
from contract.visible_text import has_visible
from fieldapp.report.entry import Stage
from fieldapp.report.personal_data import without_room
from fieldapp.state import paths
from fieldapp.state.bureau import BureauState
from fieldapp.state.draft import DraftState
from fieldapp.state.patrol import PatrolState
from fieldapp.state.patrol_route import last_place
from fieldapp.state.shell import StatePart
from fieldapp.state.typed_place import at_door, read_place

SEALED = tuple(stage for stage in Stage if stage is not Stage.DRAFT)
LOOKED_BACK = 40  # reports, in which recently used compounds are looked for
MOST_RECENT = 4


@dataclass(eq=False)
class PlaceState(StatePart):
    """The place of the draft."""

    bureau: BureauState
    patrol: PatrolState
    draft: DraftState
    unsure: object = None  # the report whose building the worker does not know
    recent: tuple[str, ...] = ()  # ids of the compounds of the last reports, the last one first

    async def pick(self) -> None:
        """To the list of compounds."""
        self.shell.go(paths.PICK)
        notebook = self.shell.kit.notebook
        entries = await self.shell.keep(lambda: notebook.entries(SEALED, LOOKED_BACK)) or ()
        ids = dict.fromkeys(entry.report.place.compound for entry in entries)
        self.recent = tuple(one for one in ids if one)[:MOST_RECENT]

    async def choose(self, compound: Compound) -> None:
        await self.draft.be_at(compound)
        self.shell.go(paths.PLACE)

    async def elsewhere(self) -> None:
        """No compound here: the place will be described in words."""
        await self._change(compound=None, compound_name="", building=None, unit=None, venue=None)
        self.shell.go(paths.PLACE)

    async def choose_building(self, name: str) -> None:
        self.unsure = None
        await self._change(building=name, unit=None)

    async def choose_venue(self, code: str) -> None:
        """The kind of place; of a home no floor and no room is kept (rule L4)."""
        self.draft.text_edition += 1  # what was typed about the place may have lost its room
        await self._change(venue=code)
        self.draft.check_texts()

    async def repeat_last(self) -> None:
        """A second report of the same address: the step about the place is done."""
        if self.draft.entry and (place := last_place(self.patrol.logged)):
            await self.draft.answer("place", place)
            self.shell.go(paths.SEEN)

    async def read_words(self) -> None:
        """What was described becomes what can be tapped, as far as it can be read."""
        place = self._place()
        if place and place.landmark and not place.compound:
            self.draft.text_edition += 1
            read = read_place(place, place.landmark, self.bureau.places)
            await self.draft.answer("place", without_room(read))

    async def read_door(self, text: str) -> None:
        """A building that the bureau's list lacks, as the worker wrote it: 12号楼3单元, 12-3."""
        place = self._place()
        if place and has_visible(text):
            compounds = self.bureau.places.compounds
            compound = next((c for c in compounds if c.id == place.compound), None)
            reading = parse(text)
            door = at_door(place, reading.door, compound, reading.area)
            await self.draft.answer("place", without_room(door))

    async def choose_no_building(self) -> None:
        """The worker does not know which building it is."""
        self.unsure = self.draft.entry and self.draft.entry.report.id
        await self._change(building=None, unit=None)

    @property
    def no_building(self) -> bool:
        """The worker has said that the building is not known."""
        return bool(self.unsure and self.draft.entry and self.draft.entry.report.id == self.unsure)

    async def next_step(self) -> None:
        """Asks once for a building where the bureau lists some. Words about the place are read now,
        if they were not before."""
        if self._building_is_missing():
            self.shell.notice = "place.which_building"
            return
        await self.read_words()
        self.draft.check_texts()
        self.shell.go(paths.SEEN)

    def _building_is_missing(self) -> bool:
        place, draft = self._place(), self.draft.entry
        if not place or not draft or draft.report.kind is not Kind.SITE or self.no_building:
            return False
        held = self.bureau.places.compounds
        listed = any(c.id == place.compound and c.buildings for c in held)
        return listed and not place.building

    def _place(self) -> Place | None:
        return self.draft.entry.report.place if self.draft.entry else None

    async def _change(self, **changes: Any) -> None:
        if place := self._place():
            await self.draft.answer("place", without_room(place.changed(**changes)))
