"""Another compound: by name, by pinyin initials, nearest first."""

import flet as ft

from contract.reference import Compound
from fieldapp import look
from fieldapp.screens.badges import fix_badge
from fieldapp.screens.here import here
from fieldapp.state import FieldState
from fieldapp.state.nearby import found, metres
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import between, card
from fieldapp.widgets.press import button, then
from fieldapp.widgets.text import body, quiet, strong
from fieldapp.widgets.writing import Form, writing
from fieldapp.words import Speak

SHOWN = 100  # rows; more cost the cheap phone a tenth of a second at each tap


@ft.component
def Pick() -> ft.View:
    state, say = here()
    asked, ask = ft.use_state("")
    fix = state.draft.report.fix if state.draft else None

    async def search(text: str) -> None:
        ask(text)

    rows = [_row(state, say, compound) for compound in found(state.places, fix, asked)[:SHOWN]]
    return page(
        head(say("pick.title"), fix_badge(state, say), then(state.go, "/place"), say("back")),
        [
            writing(Form("search", say("pick.search")), "", search),
            *(rows or [body(say("pick.empty"), look.MUTED)]),
        ],
        [button("elsewhere", say("pick.elsewhere"), then(state.elsewhere), "quiet")],
        width=state.width,
    )


def _row(state: FieldState, say: Speak, compound: Compound) -> ft.Control:
    fix = state.draft.report.fix if state.draft else None
    away = metres(compound, fix) if fix else None
    far = quiet(say("place.distance", m=round(away)) if away is not None else "")
    community = state.places.community_names.get(compound.community, "")
    return card(
        [between(strong(compound.name), far), body(community, look.MUTED)],
        identifier=f"pick-{compound.id}",
        tap=then(state.choose, compound),
    )
