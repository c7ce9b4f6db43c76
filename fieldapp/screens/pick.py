"""Picks another compound: recent ones, those nearby, by letters to tap or a name to type."""

from collections.abc import Sequence
from itertools import islice

import flet as ft

from contract.place import Fix
from contract.reference import Compound, Institution
from contract.visible_text import beside
from fieldapp.screens.badges import fix_badge
from fieldapp.screens.context import use_field_state
from fieldapp.state import FieldState
from fieldapp.state.lookup import search_institutions
from fieldapp.state.nearby import (
    by_distance,
    by_initials,
    compounds_of,
    distance_m,
    find_compounds,
    next_letters,
    within_reach,
)
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Verb, button, handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card, section, spread_row
from fieldapp.widgets.progress_bar import icon_line
from fieldapp.widgets.text import body, muted, strong
from fieldapp.widgets.text_field import FieldSpec, text_field
from fieldapp.widgets.tiles import tile, tile_rows

SHOWN = 100  # rows; more would cost a cheap phone 0.1 s at each tap
FEW = 6  # compounds; for so few no letters are needed
KEYS = 4  # letters in a row
LICENSED = 3  # institutions at most


@ft.component
def Pick() -> ft.View:
    state, say = use_field_state()
    asked, ask = ft.use_state("")
    letters, spell = ft.use_state("")
    fix = state.draft.entry.report.fix if state.draft.entry else None

    async def search(text: str) -> None:
        ask(text.strip())

    if asked:
        parts = _found(state, say, fix, asked)
    else:
        near = [] if letters else _first(state, say, fix)
        parts = [*near, *_keys(state, say, letters, spell), *_all(state, say, fix, letters)]
    return page(
        head(say("pick.title"), fix_badge(state, say), handler(state.go, "/place"), say("back")),
        [text_field(FieldSpec("search", say("pick.search")), "", search), *parts],
        [button("elsewhere", say("pick.elsewhere"), handler(state.place.elsewhere), "quiet")],
        viewport=state.viewport,
    )


def _first(state: FieldState, say: Speak, fix: Fix | None) -> list[ft.Control]:
    """The most likely compounds, which need no letter and no scrolling."""
    recent = compounds_of(state.bureau.places, state.place.recent)
    near = [one for one in within_reach(state.bureau.places, fix) if one not in recent]
    return [
        *section(say("pick.lately"), tile_rows(_tiles(state, "lately", recent), 2)),
        *section(say("pick.near"), tile_rows(_tiles(state, "near", near), 2)),
    ]


def _tiles(state: FieldState, name: str, compounds: Sequence[Compound]) -> list[ft.Control]:
    return [
        tile(f"{name}-{one.id}", one.name, handler(state.place.choose, one)) for one in compounds
    ]


def _keys(state: FieldState, say: Speak, letters: str, spell: Verb) -> list[ft.Control]:
    """Pinyin initials, letter by letter: only letters that some compound has next."""
    compounds = by_initials(state.bureau.places, None, letters)
    if not letters and len(compounds) <= FEW:
        return []
    keys = [
        tile(f"key-{letter}", letter.upper(), handler(spell, letters + letter))
        for letter in next_letters(compounds, letters)
    ]
    if letters:
        words = say("pick.undo", letters=letters.upper())
        keys.append(tile("key-undo", words, handler(spell, letters[:-1])))
    return section(say("pick.letters"), tile_rows(keys, KEYS))


def _all(state: FieldState, say: Speak, fix: Fix | None, letters: str) -> list[ft.Control]:
    compounds = (
        by_initials(state.bureau.places, fix, letters)
        if letters
        else by_distance(state.bureau.places, fix)
    )
    rows = [_row(state, say, compound, fix) for compound in compounds[:SHOWN]]
    return section(say("pick.all", n=len(compounds)), rows) or [_no_match(say)]


def _found(state: FieldState, say: Speak, fix: Fix | None, asked: str) -> list[ft.Control]:
    """By name or initials; a licensed institution stands for its compound."""
    rows = [
        _row(state, say, one, fix)
        for one in find_compounds(state.bureau.places, fix, asked)[:SHOWN]
    ]
    compounds = {compound.id: compound for compound in state.bureau.places.compounds}
    institutions = search_institutions(state.bureau.reference, asked)
    placed = (one for one in institutions if one.compound in compounds)
    rows += [
        _institution_row(state, say, one, compounds[one.compound or ""])
        for one in islice(placed, LICENSED)
    ]
    return rows or [_no_match(say)]


def _no_match(say: Speak) -> ft.Control:
    return card([body(say("pick.empty"), theme.MUTED)], identifier="empty")


def _row(state: FieldState, say: Speak, compound: Compound, fix: Fix | None) -> ft.Control:
    away = distance_m(compound, fix) if fix else None
    far = muted(say("place.distance", m=round(away)) if away is not None else "")
    community = state.bureau.places.community_names.get(compound.community, "")
    lines = say("list.comma").join(beside(part) for part in (community, *compound.aliases) if part)
    return card(
        [spread_row(strong(compound.name), far), body(lines, theme.MUTED)],
        identifier=f"pick-{compound.id}",
        tap=handler(state.place.choose, compound),
    )


def _institution_row(
    state: FieldState, say: Speak, one: Institution, compound: Compound
) -> ft.Control:
    where = f"{compound.name} {one.building or ''}".strip()
    return card(
        [
            icon_line(ft.Icons.VERIFIED_OUTLINED, say("here.licensed", name=one.name), theme.OK),
            body(where, theme.MUTED),
        ],
        identifier=f"firm-{one.id}",
        tap=handler(state.place.choose, compound),
    )
