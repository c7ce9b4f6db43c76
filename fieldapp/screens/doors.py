"""Which building and unit: big tiles, and what the bureau already knows about the one chosen."""

from collections.abc import Iterable

import flet as ft

from contract.place import Place
from contract.reference import Compound, Institution
from fieldapp.screens.here import here
from fieldapp.state import FieldState
from fieldapp.state.lookup import MOST_NAMED, leads_at, licensed_at
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Tap, button, then
from fieldapp.widgets.gauge import sign
from fieldapp.widgets.parts import section
from fieldapp.widgets.text import named
from fieldapp.widgets.text_field import FieldSpec, kept, writing
from fieldapp.widgets.tiles import fitting, tile


def doors(state: FieldState, say: Speak, compound: Compound, place: Place) -> list[ft.Control]:
    buildings = [
        tile(
            f"building-{n}",
            building.name,
            then(state.building, building.name),
            chosen=place.building == building.name,
        )
        for n, building in enumerate(compound.buildings)
    ]
    listed = {building.name for building in compound.buildings}
    other = place.building if place.building and place.building not in listed else ""
    return [
        *section(say("place.building"), fitting(buildings, state.room)),
        OtherDoor(other),
        *hints(state, say, compound.id, place.building),
        *_units(state, say, compound, place),
    ]


def _units(state: FieldState, say: Speak, compound: Compound, place: Place) -> list[ft.Control]:
    names = next((b.units for b in compound.buildings if b.name == place.building), ())
    if place.unit and place.unit not in names:
        names = (*names, place.unit)
    tiles = [
        tile(f"unit-{n}", unit, then(state.answer, "place.unit", unit), chosen=place.unit == unit)
        for n, unit in enumerate(names)
    ]
    if tiles:
        unsure = then(state.answer, "place.unit", None)
        tiles.append(tile("unit-unsure", say("place.unsure"), unsure))
    return section(say("place.unit"), fitting(tiles, state.room))


@ft.component
def OtherDoor(chosen: str) -> ft.Control:
    """The last resort: a building that the list lacks is written, and read as an address."""
    state, say = here()
    is_open, flip = ft.use_state(False)
    words = kept({"door": ""})

    async def write(text: str) -> None:
        words["door"] = text

    async def read() -> None:
        await state.read_door(words["door"])
        flip(False)

    name = chosen or say("place.other")
    parts: list[ft.Control] = [_more(name, then(flip, not is_open), bool(chosen))]
    if is_open:
        parts += [
            writing(FieldSpec("door", say("place.door"), 20), chosen, write),
            button("read-door", say("place.read"), then(read), "quiet"),
        ]
    return ft.Column(
        parts, spacing=theme.GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
    )


def _more(words: str, tap: Tap, is_chosen: bool) -> ft.Control:
    if is_chosen:
        return tile("other", words, tap, chosen=True)
    return button("other", words, tap, "plain", height=theme.TOUCH)


def hints(state: FieldState, say: Speak, compound: str, building: str | None) -> list[ft.Control]:
    """From the lists on this phone: leads in numbers, licensed institutions by name."""
    where = "here.building" if building else "here.compound"
    lines: list[ft.Control] = []
    if leads := leads_at(state.reference, compound, building):
        closed = say("here.closed", n=leads.closed) if leads.closed else ""
        words = say(where, n=leads.count, closed=closed)
        lines.append(named("leads-here", sign(ft.Icons.INFO_OUTLINE, words, theme.INFO)))
    licensed = licensed_at(state.reference, compound, building) if building else []
    return [*lines, *listed(licensed[:MOST_NAMED], say)]


def listed(licensed: Iterable[Institution], say: Speak) -> list[ft.Control]:
    """The published list knows these: no accusation, and no acquittal, either."""
    lines = ((one, say("here.licensed", name=one.name)) for one in licensed)
    return [
        named(f"licensed-{one.id}", sign(ft.Icons.VERIFIED_OUTLINED, words, theme.OK))
        for one, words in lines
    ]
