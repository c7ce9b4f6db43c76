"""The published list of licensed institutions, searched without a network (rule L14)."""

import flet as ft

from contract.reference import Institution
from fieldapp.screens.here import here
from fieldapp.state import FieldState
from fieldapp.state.lookup import look_up
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import then
from fieldapp.widgets.gauge import sign
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import body, named, quiet, strong
from fieldapp.widgets.text_field import FieldSpec, writing
from fieldapp.widgets.times import dated

SHOWN = 50  # cards; who sees more than these types one more letter


@ft.component
def Institutions() -> ft.View:
    state, say = here()
    asked, ask = ft.use_state("")

    async def search(text: str) -> None:
        ask(text)

    hits = look_up(state.reference, asked)
    said = sign(ft.Icons.INFO_OUTLINE, say("licensed.said"), theme.INFO)
    rows = [_card(say, one) for one in hits[:SHOWN]]
    return page(
        head(say("licensed.title"), _count(say, len(hits)), then(state.home), say("back")),
        [
            writing(FieldSpec("search", say("licensed.search")), "", search),
            *(rows or [_none(state, say)]),
        ],
        room=state.room,
        loose=[named("said", said)],
    )


def _count(say: Speak, hits: int) -> ft.Control:
    return named("count", quiet(say("licensed.count", n=hits)))


def _none(state: FieldState, say: Speak) -> ft.Control:
    code = "licensed.none" if state.reference.institutions else "licensed.empty"
    return card([body(say(code), theme.MUTED)], identifier="empty")


def _card(say: Speak, one: Institution) -> ft.Control:
    """Name and kind first; code and source are for whoever checks it."""
    kind = f" · {one.kind}" if one.kind else ""
    numbers = [say("licensed.code", code=one.code)] if one.code else []
    numbers += [say("licensed.licence", code=one.licence)] if one.licence else []
    source = say("licensed.source", source=one.source, day=dated(say, one.published))
    return card(
        [
            strong(f"{one.name}{kind}"),
            *([body(one.address)] if one.address else []),
            *(body(number, theme.MUTED) for number in numbers),
            quiet(source),
        ],
        identifier=f"institution-{one.id}",
    )
