"""In which building: the nearest compound is there already, two tiles and on."""

from collections.abc import Callable

import flet as ft

from contract.reference import Compound
from contract.report import Kind
from contract.rules import HOME
from fieldapp.report.entry import Entry
from fieldapp.screens.answers import answer, offered
from fieldapp.screens.badges import fix_badge, flaws_at, notice, wrong_with
from fieldapp.screens.doors import doors
from fieldapp.screens.here import here
from fieldapp.screens.same_place import same_place
from fieldapp.state import FieldState
from fieldapp.state.nearby import by_distance, metres
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import between, card, steps
from fieldapp.widgets.text import body, named, quiet, strong
from fieldapp.widgets.text_field import FieldSpec, writing
from fieldapp.widgets.tiles import fitting, threes, tile

NEAR = 6


@ft.component
def Place() -> ft.View:
    state, say = here()
    open_venues, set_open = ft.use_state(False)
    draft = state.draft
    chosen = compound_of(state, draft) if draft else None
    body_parts: list[ft.Control] = [steps(1), *flaws_at(state, say, "place.compound")]
    body_parts += same_place(state, say)
    if chosen and draft:
        body_parts += [
            _compound(state, say, chosen),
            *doors(state, say, chosen, draft.report.place),
            *_venue(state, say, draft, open_venues, lambda: set_open(not open_venues)),
        ]
    elif draft:
        body_parts += _by_hand(state, say, draft)
    return page(
        head(say("place.title"), fix_badge(state, say), then(state.home), say("back")),
        body_parts,
        [*notice(state, say), _onward(state, say)],
        room=state.room,
        loose=[button("change", say("place.change"), then(state.pick), "quiet")],
    )


def compound_of(state: FieldState, draft: Entry) -> Compound | None:
    wanted = draft.report.place.compound
    return next((c for c in state.places.compounds if c.id == wanted), None) if wanted else None


def _compound(state: FieldState, say: Speak, compound: Compound) -> ft.Control:
    fix = state.draft.report.fix if state.draft else None
    away = metres(compound, fix) if fix else None
    far = quiet(say("place.distance", m=round(away)) if away is not None else "")
    community = state.places.community_names.get(compound.community, "")
    parts: list[ft.Control] = [between(named("compound", strong(compound.name)), far)]
    if community:
        parts.append(body(community, theme.MUTED))
    return card(parts, outline=theme.PRIMARY, edge=theme.CHOSEN)


def _venue(
    state: FieldState, say: Speak, draft: Entry, is_open: bool, flip: Callable[[], None]
) -> list[ft.Control]:
    """Came with the compound; one tap opens the list."""
    language, code = say("lang"), draft.report.place.venue
    word = state.lists.word("venue", code, language) if code else say("review.nothing")
    toggle = tile("venue", f"{say('place.venue')} · {word}", then(flip))
    parts: list[ft.Control] = [*flaws_at(state, say, "place.venue"), toggle]
    if is_open:
        tiles = [
            answer(state, say, ("venue", other), then(state.venue, other), chosen=other == code)
            for other in offered(state, "venue")
        ]
        parts += fitting(tiles, state.room)
    return (
        [*parts, quiet(say("place.home_rule"))] if code == HOME else [*parts, *_floor(state, say)]
    )


def _floor(state: FieldState, say: Speak) -> list[ft.Control]:
    """Only where nobody lives (rule L4)."""
    place = state.draft.report.place if state.draft else None

    async def floor(text: str) -> None:
        await state.note("place.floor", text)

    async def room(text: str) -> None:
        await state.note("place.room", text)

    fields = [
        writing(FieldSpec("floor", say("place.floor"), 10), (place and place.floor) or "", floor),
        writing(FieldSpec("room", say("place.room"), 20), (place and place.room) or "", room),
    ]
    return [ft.Row([ft.Container(f, expand=True) for f in fields], spacing=theme.GAP)]


def _by_hand(state: FieldState, say: Speak, draft: Entry) -> list[ft.Control]:
    """No compound yet: the nearest to pick from, or a description in words."""

    async def landmark(text: str) -> None:
        await state.note("place.landmark", text)

    tiles = [
        tile(f"compound-{n}", compound.name, then(state.choose, compound))
        for n, compound in enumerate(by_distance(state.places, draft.report.fix)[:NEAR])
    ]
    wrong = wrong_with(state, say, "place.landmark")
    form = FieldSpec("landmark", say("place.landmark"), 50, wrong=wrong, edition=state.cuts)
    read = button("read-place", say("place.read"), then(state.read_place), "quiet")
    venues = _venue(state, say, draft, True, state.home) if draft.report.place.landmark else []
    return [
        *([] if state.locating else [body(say("place.byhand"), theme.MUTED)]),
        *threes(tiles, 2),
        writing(form, draft.report.place.landmark, landmark),
        read,
        *_said(draft, say),
        *venues,
    ]


def _said(draft: Entry, say: Speak) -> list[ft.Control]:
    """What was read out of the words, so that nobody has to trust it."""
    place = draft.report.place
    door = "".join(part for part in (place.building, place.unit, place.floor, place.room) if part)
    return [named("read", strong(say("place.was_read", door=door)))] if door else []


def _onward(state: FieldState, say: Speak) -> ft.Control:
    if state.draft and state.draft.report.kind is Kind.CLEAR:
        return button("seal", say("place.seal_clear"), then(state.seal))
    return button("next", say("place.next"), then(state.onward))
