"""The published list of licensed institutions, searched without a network (rule L14)."""

import flet as ft

from contract.reference import Institution
from fieldapp.screens.context import use_field_state
from fieldapp.state import FieldState, paths
from fieldapp.state.lookup import search_institutions
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card
from fieldapp.widgets.progress_bar import icon_line
from fieldapp.widgets.text import body, muted, named, strong
from fieldapp.widgets.text_field import FieldSpec, text_field
from fieldapp.widgets.times import dated

SHOWN = 50  # cards; for more, one types one more letter


@ft.component
def Institutions() -> ft.View:
    state, say = use_field_state()
    asked, ask = ft.use_state("")

    async def search(text: str) -> None:
        ask(text)

    hits = search_institutions(state.bureau.reference, asked)
    disclaimer = icon_line(ft.Icons.INFO_OUTLINE, say("licensed.said"), theme.INFO)
    rows = [_card(say, one) for one in hits[:SHOWN]]
    return page(
        head(
            say("licensed.title"),
            _count(say, len(hits)),
            handler(state.leave, paths.LICENSED),
            say("back"),
        ),
        [
            text_field(FieldSpec("search", say("licensed.search")), "", search),
            *(rows or [_no_match(state, say)]),
        ],
        viewport=state.viewport,
        above_actions=[named("said", disclaimer)],
    )


def _count(say: Speak, hits: int) -> ft.Control:
    return named("count", muted(say("licensed.count", n=hits)))


def _no_match(state: FieldState, say: Speak) -> ft.Control:
    code = "licensed.none" if state.bureau.reference.institutions else "licensed.empty"
    return card([body(say(code), theme.MUTED)], identifier="empty")


def _card(say: Speak, one: Institution) -> ft.Control:
    """Name and kind first; codes and source, for checking, below."""
    kind = f" · {one.kind}" if one.kind else ""
    numbers = [say("licensed.code", code=one.code)] if one.code else []
    numbers += [say("licensed.licence", code=one.licence)] if one.licence else []
    source = say("licensed.source", source=one.source, day=dated(say, one.published))
    return card(
        [
            strong(f"{one.name}{kind}"),
            *([body(one.address)] if one.address else []),
            *(body(number, theme.MUTED) for number in numbers),
            muted(source),
        ],
        identifier=f"institution-{one.id}",
    )
