"""Where it was seen: the nearest compound is chosen already; building and unit are tapped."""

from collections.abc import Callable

import flet as ft

from contract.reference import Compound
from contract.report import Kind
from contract.rules import HOME
from contract.visible_text import has_visible
from fieldapp.report.entry import Entry
from fieldapp.screens.answers import answer_tile, offered_codes
from fieldapp.screens.badges import fix_badge, flaw_text, flaws_at, notice
from fieldapp.screens.buildings import building_tiles
from fieldapp.screens.clock_card import clock_card
from fieldapp.screens.context import use_field_state
from fieldapp.screens.far_card import far_card
from fieldapp.screens.same_place import same_place_tile
from fieldapp.screens.steps import steps
from fieldapp.state import FieldState
from fieldapp.state.nearby import by_distance, distance_m
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card, spread_row
from fieldapp.widgets.text import body, muted, named, strong
from fieldapp.widgets.text_field import FieldSpec, text_field
from fieldapp.widgets.tiles import fitting_rows, tile, tile_rows

NEAR = 6


@ft.component
def Place() -> ft.View:
    state, say = use_field_state()
    open_venues, set_open = ft.use_state(False)
    draft = state.draft.entry
    chosen = compound_of(state, draft) if draft else None
    seals = draft and draft.report.kind is Kind.CLEAR
    body_parts: list[ft.Control] = [
        steps(state, say, 1),
        *(clock_card(state, say) if seals else []),
        *flaws_at(state, say, "place.compound"),
        *same_place_tile(state, say),
    ]
    if chosen and draft:
        body_parts += _chosen(state, say, chosen, draft)
        body_parts += _venue(state, say, draft, open_venues, lambda: set_open(not open_venues))
    elif draft:
        body_parts += _by_hand(state, say, draft)
    return page(
        head(_title(draft, say), fix_badge(state, say), handler(state.draft.leave), say("back")),
        body_parts,
        [*notice(state, say), _next_button(state, say)],
        viewport=state.viewport,
        above_actions=[button("change", say("place.change"), handler(state.place.pick), "quiet")],
    )


def _chosen(state: FieldState, say: Speak, compound: Compound, draft: Entry) -> list[ft.Control]:
    return [
        _compound(state, say, compound),
        *far_card(state, say),
        *building_tiles(state, say, compound, draft.report.place),
    ]


def _title(draft: Entry | None, say: Speak) -> str:
    """Where; of what, unless it is a lead as most are."""
    kind = draft.report.kind if draft else Kind.SITE
    code = {Kind.CLEAR: "place.title_clear", Kind.AD: "place.title_ad"}.get(kind, "place.title")
    return say(code)


def compound_of(state: FieldState, draft: Entry) -> Compound | None:
    wanted = draft.report.place.compound
    return (
        next((c for c in state.bureau.places.compounds if c.id == wanted), None) if wanted else None
    )


def _compound(state: FieldState, say: Speak, compound: Compound) -> ft.Control:
    fix = state.draft.entry.report.fix if state.draft.entry else None
    away = distance_m(compound, fix) if fix else None
    far = muted(say("place.distance", m=round(away)) if away is not None else "")
    community = state.bureau.places.community_names.get(compound.community, "")
    parts: list[ft.Control] = [spread_row(named("compound", strong(compound.name)), far)]
    if community:
        parts.append(body(community, theme.MUTED))
    return card(parts)


def _venue(
    state: FieldState, say: Speak, draft: Entry, is_open: bool, flip: Callable[[], None]
) -> list[ft.Control]:
    """The kind of place comes with the compound; one tap opens the list of kinds."""
    language, code = say("lang"), draft.report.place.venue
    word = state.bureau.lists.word("venue", code, language) if code else say("review.nothing")
    toggle = tile("venue", f"{say('place.venue')} · {word}", handler(flip))
    parts: list[ft.Control] = [*flaws_at(state, say, "place.venue"), toggle]
    if is_open:
        tiles = [
            answer_tile(
                state,
                say,
                ("venue", other),
                handler(state.place.choose_venue, other),
                chosen=other == code,
            )
            for other in offered_codes(state, "venue")
        ]
        parts += fitting_rows(tiles, state.viewport)
    return (
        [*parts, muted(say("place.home_rule"))] if code == HOME else [*parts, *_floor(state, say)]
    )


def _floor(state: FieldState, say: Speak) -> list[ft.Control]:
    """Floor and room, only where nobody lives (rule L4)."""
    place = state.draft.entry.report.place if state.draft.entry else None

    async def floor(text: str) -> None:
        await state.draft.type("place.floor", text)

    async def room(text: str) -> None:
        await state.draft.type("place.room", text)

    fields = [
        text_field(
            FieldSpec("floor", say("place.floor"), 10), (place and place.floor) or "", floor
        ),
        text_field(FieldSpec("room", say("place.room"), 20), (place and place.room) or "", room),
    ]
    return [ft.Row([ft.Container(f, expand=True) for f in fields], spacing=theme.GAP)]


def _by_hand(state: FieldState, say: Speak, draft: Entry) -> list[ft.Control]:
    """No compound is chosen: the nearest ones to tap, or a description to type."""

    async def landmark(text: str) -> None:
        await state.draft.type("place.landmark", text)

    tiles = [
        tile(f"compound-{n}", compound.name, handler(state.place.choose, compound))
        for n, compound in enumerate(by_distance(state.bureau.places, draft.report.fix)[:NEAR])
    ]
    words, wrong = draft.report.place.landmark, flaw_text(state, say, "place.landmark")
    form = FieldSpec(
        "landmark", say("place.landmark"), 50, wrong=wrong, edition=state.draft.text_edition
    )
    read = button("read-place", say("place.read"), handler(state.place.read_words), "quiet")
    venues = _venue(state, say, draft, True, state.home) if has_visible(words) else []
    return [
        *([] if state.draft.locating else [body(say("place.byhand"), theme.MUTED)]),
        *tile_rows(tiles, 2),
        text_field(form, words, landmark),
        read,
        *_reading(draft, say),
        *venues,
    ]


def _reading(draft: Entry, say: Speak) -> list[ft.Control]:
    """How the typed words were read, so that the worker can check it; [] if not at all."""
    place = draft.report.place
    door = "".join(part for part in (place.building, place.unit, place.floor, place.room) if part)
    return [named("read", strong(say("place.was_read", door=door)))] if door else []


def _next_button(state: FieldState, say: Speak) -> ft.Control:
    if state.draft.entry and state.draft.entry.report.kind is Kind.CLEAR:
        return button("seal", say("place.seal_clear"), handler(state.outbox.seal))
    return button("next", say("place.next"), handler(state.place.next_step))
