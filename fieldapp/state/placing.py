"""Where something was seen: compound, building and unit to tap; words only as a last resort."""

from contract.address import parse
from contract.reference import Compound
from fieldapp.report.entry import Stage
from fieldapp.state import paths
from fieldapp.state.patrol_route import spot
from fieldapp.state.patrolling import Patrolling
from fieldapp.state.typed_place import at_door, described

SEALED = tuple(stage for stage in Stage if stage is not Stage.DRAFT)
LOOKED_BACK = 40  # reports in which the compounds of lately are looked for
MOST_LATELY = 4


class Placing(Patrolling):
    """Verbs of the place screen and of its picker."""

    async def pick(self) -> None:
        self.go(paths.PICK)
        entries = await self.keep(lambda: self.kit.notebook.entries(SEALED, LOOKED_BACK)) or ()
        ids = dict.fromkeys(entry.report.place.compound for entry in entries)
        self.lately = tuple(one for one in ids if one)[:MOST_LATELY]

    async def choose(self, compound: Compound) -> None:
        await self.be_at(compound)
        self.go(paths.PLACE)

    async def elsewhere(self) -> None:
        """No compound here: the place will be described in words."""
        if self.draft:
            place = self.draft.report.place.changed(
                compound=None, compound_name="", building=None, unit=None, venue=None
            )
            await self.write(self.draft.answered("place", place))
        self.go(paths.PLACE)

    async def read_place(self) -> None:
        """What was described becomes what can be tapped, as far as it can be read."""
        place = self.draft.report.place if self.draft else None
        if self.draft and place and place.landmark and not place.compound:
            self.cuts += 1
            read = described(place, place.landmark, self.places)
            await self.write(self.draft.answered("place", read))

    async def onward(self) -> None:
        """The next step; words about the place are read now, if they were not before."""
        await self.read_place()
        self.go(paths.SEEN)

    async def read_door(self, text: str) -> None:
        """A building that the bureau's list lacks, as the worker wrote it: 12号楼3单元, 12-3."""
        if self.draft and text.strip():
            place = self.draft.report.place
            here = next((c for c in self.places.compounds if c.id == place.compound), None)
            reading = parse(text)
            door = at_door(place, reading.door, here, reading.area)
            await self.write(self.draft.answered("place", door))

    async def be_at(self, compound: Compound) -> None:
        if self.draft:
            await self.write(self.draft.answered("place", spot(compound)))
