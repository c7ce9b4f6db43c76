"""Another compound: the ones of lately, those around, by letters to tap or by a name to type."""

from collections.abc import Sequence

import flet as ft

from contract.place import Fix
from contract.reference import Compound, Institution
from fieldapp.screens.badges import fix_badge
from fieldapp.screens.here import here
from fieldapp.state import FieldState
from fieldapp.state.lookup import look_up
from fieldapp.state.nearby import around, by_distance, found, known, metres, next_letters, spelt
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Verb, button, then
from fieldapp.widgets.gauge import sign
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import between, card, section
from fieldapp.widgets.text import body, quiet, strong
from fieldapp.widgets.text_field import FieldSpec, writing
from fieldapp.widgets.tiles import threes, tile

SHOWN = 100  # rows; more cost the cheap phone a tenth of a second at each tap
FEW = 6  # so many are seen at a glance, without letters
KEYS = 4  # in a row
LICENSED = 3


@ft.component
def Pick() -> ft.View:
    state, say = here()
    asked, ask = ft.use_state("")
    letters, spell = ft.use_state("")
    fix = state.draft.report.fix if state.draft else None

    async def search(text: str) -> None:
        ask(text.strip())

    if asked:
        parts = _found(state, say, fix, asked)
    else:
        near = [] if letters else _first(state, say, fix)
        parts = [*near, *_keys(state, say, letters, spell), *_all(state, say, fix, letters)]
    return page(
        head(say("pick.title"), fix_badge(state, say), then(state.go, "/place"), say("back")),
        [writing(FieldSpec("search", say("pick.search")), "", search), *parts],
        [button("elsewhere", say("pick.elsewhere"), then(state.elsewhere), "quiet")],
        room=state.room,
    )


def _first(state: FieldState, say: Speak, fix: Fix | None) -> list[ft.Control]:
    """Most often it is one of these: no key and no scrolling."""
    lately = known(state.places, state.lately)
    near = [one for one in around(state.places, fix) if one not in lately]
    return [
        *section(say("pick.lately"), threes(_tiles(state, "lately", lately), 2)),
        *section(say("pick.near"), threes(_tiles(state, "near", near), 2)),
    ]


def _tiles(state: FieldState, name: str, compounds: Sequence[Compound]) -> list[ft.Control]:
    return [tile(f"{name}-{one.id}", one.name, then(state.choose, one)) for one in compounds]


def _keys(state: FieldState, say: Speak, letters: str, spell: Verb) -> list[ft.Control]:
    """Pinyin initials, letter by letter: only those that lead somewhere, as large as a thumb."""
    compounds = spelt(state.places, None, letters)
    if not letters and len(compounds) <= FEW:
        return []
    keys = [
        tile(f"key-{letter}", letter.upper(), then(spell, letters + letter))
        for letter in next_letters(compounds, letters)
    ]
    if letters:
        words = say("pick.undo", letters=letters.upper())
        keys.append(tile("key-undo", words, then(spell, letters[:-1])))
    return section(say("pick.letters"), threes(keys, KEYS))


def _all(state: FieldState, say: Speak, fix: Fix | None, letters: str) -> list[ft.Control]:
    compounds = spelt(state.places, fix, letters) if letters else by_distance(state.places, fix)
    rows = [_row(state, say, compound, fix) for compound in compounds[:SHOWN]]
    return section(say("pick.all", n=len(compounds)), rows) or [_none(say)]


def _found(state: FieldState, say: Speak, fix: Fix | None, asked: str) -> list[ft.Control]:
    """By name or initials; a licensed institution leads to where it stands."""
    rows = [_row(state, say, one, fix) for one in found(state.places, fix, asked)[:SHOWN]]
    here = {compound.id: compound for compound in state.places.compounds}
    firms = [one for one in look_up(state.reference, asked) if one.compound in here][:LICENSED]
    rows += [_firm(state, say, one, here[one.compound or ""]) for one in firms]
    return rows or [_none(say)]


def _none(say: Speak) -> ft.Control:
    return card([body(say("pick.empty"), theme.MUTED)], identifier="empty")


def _row(state: FieldState, say: Speak, compound: Compound, fix: Fix | None) -> ft.Control:
    away = metres(compound, fix) if fix else None
    far = quiet(say("place.distance", m=round(away)) if away is not None else "")
    community = state.places.community_names.get(compound.community, "")
    lines = "、".join(part for part in (community, *compound.aliases) if part)
    return card(
        [between(strong(compound.name), far), body(lines, theme.MUTED)],
        identifier=f"pick-{compound.id}",
        tap=then(state.choose, compound),
    )


def _firm(state: FieldState, say: Speak, one: Institution, compound: Compound) -> ft.Control:
    where = f"{compound.name} {one.building or ''}".strip()
    return card(
        [
            sign(ft.Icons.VERIFIED_OUTLINED, say("here.licensed", name=one.name), theme.OK),
            body(where, theme.MUTED),
        ],
        identifier=f"firm-{one.id}",
        tap=then(state.choose, compound),
    )
