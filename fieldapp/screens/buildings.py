"""Tiles for building and unit, and what the bureau already knows about the building chosen."""

from collections.abc import Iterable

import flet as ft

from contract.place import Place
from contract.reference import Compound, Institution
from fieldapp.screens.context import use_field_state
from fieldapp.state import FieldState
from fieldapp.state.lookup import MOST_NAMED, leads_at, licensed_at
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Tap, button, handler
from fieldapp.widgets.parts import section
from fieldapp.widgets.progress_bar import icon_line
from fieldapp.widgets.text import named
from fieldapp.widgets.text_field import FieldSpec, text_field, use_scratch
from fieldapp.widgets.tiles import fitting_rows, tile


def building_tiles(
    state: FieldState, say: Speak, compound: Compound, place: Place
) -> list[ft.Control]:
    buildings = [
        tile(
            f"building-{n}",
            building.name,
            handler(state.place.choose_building, building.name),
            chosen=place.building == building.name,
        )
        for n, building in enumerate(compound.buildings)
    ]
    if buildings:
        unsure = handler(state.place.choose_no_building)
        words, chosen = say("place.unsure"), state.place.no_building
        buildings.append(tile("building-unsure", words, unsure, chosen=chosen))
    listed = {building.name for building in compound.buildings}
    other = place.building if place.building and place.building not in listed else ""
    return [
        *section(say("place.building"), fitting_rows(buildings, state.viewport)),
        OtherBuilding(other),
        *reference_hints(state, say, compound.id, place.building),
        *_units(state, say, compound, place),
    ]


def _units(state: FieldState, say: Speak, compound: Compound, place: Place) -> list[ft.Control]:
    names = next((b.units for b in compound.buildings if b.name == place.building), ())
    if place.unit and place.unit not in names:
        names = (*names, place.unit)
    tiles = [
        tile(
            f"unit-{n}",
            unit,
            handler(state.draft.answer, "place.unit", unit),
            chosen=place.unit == unit,
        )
        for n, unit in enumerate(names)
    ]
    if tiles:
        unsure = handler(state.draft.answer, "place.unit", None)
        tiles.append(tile("unit-unsure", say("place.unsure"), unsure))
    return section(say("place.unit"), fitting_rows(tiles, state.viewport))


@ft.component
def OtherBuilding(chosen: str) -> ft.Control:
    """A building that the bureau's list lacks: the worker types it; it is read as an address."""
    state, say = use_field_state()
    is_open, flip = ft.use_state(False)
    words = use_scratch({"door": ""})

    async def write(text: str) -> None:
        words["door"] = text

    async def read() -> None:
        await state.place.read_door(words["door"])
        flip(False)

    name = chosen or say("place.other")
    parts: list[ft.Control] = [_more(name, handler(flip, not is_open), bool(chosen))]
    if is_open:
        parts += [
            text_field(FieldSpec("door", say("place.door"), 20), chosen, write),
            button("read-door", say("place.read"), handler(read), "quiet"),
        ]
    return ft.Column(
        parts, spacing=theme.GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
    )


def _more(words: str, tap: Tap, is_chosen: bool) -> ft.Control:
    if is_chosen:
        return tile("other", words, tap, chosen=True)
    return button("other", words, tap, "plain", height=theme.TOUCH)


def reference_hints(
    state: FieldState, say: Speak, compound: str, building: str | None
) -> list[ft.Control]:
    """From the lists on this phone: how many leads there are, and the licensed institutions."""
    where = "here.building" if building else "here.compound"
    lines: list[ft.Control] = []
    if leads := leads_at(state.bureau.counts, compound, building):
        closed = say("here.closed", n=leads.closed) if leads.closed else ""
        words = say(where, n=leads.count, closed=closed)
        lines.append(named("leads-here", icon_line(ft.Icons.INFO_OUTLINE, words, theme.INFO)))
    licensed = licensed_at(state.bureau.reference, compound, building) if building else []
    return [*lines, *licensed_lines(licensed[:MOST_NAMED], say)]


def licensed_lines(licensed: Iterable[Institution], say: Speak) -> list[ft.Control]:
    """One line for each: it stands in the published list, which proves nothing either way."""
    lines = ((one, say("here.licensed", name=one.name)) for one in licensed)
    return [
        named(f"licensed-{one.id}", icon_line(ft.Icons.VERIFIED_OUTLINED, words, theme.OK))
        for one, words in lines
    ]
