"""What the bureau tells its workers: urgent ones first, then the newest."""

import flet as ft

from contract.reference import Notice
from fieldapp.screens.here import here
from fieldapp.state.lookup import in_force
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import then
from fieldapp.widgets.gauge import sign
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import body, quiet, strong
from fieldapp.widgets.times import day


@ft.component
def Notices() -> ft.View:
    state, say = here()
    rows = [_card(say, one) for one in in_force(state.reference, state.now().date())]
    return page(
        head(say("notices.title"), None, then(state.home), say("back")),
        rows or [card([body(say("notices.empty"), theme.MUTED)], identifier="empty")],
        room=state.room,
    )


def _card(say: Speak, one: Notice) -> ft.Control:
    issued = " · ".join(part for part in (one.office, day(say, one.issued)) if part)
    urgent = [sign(ft.Icons.PRIORITY_HIGH, say("notices.urgent"), theme.WARN)] if one.urgent else []
    until = [quiet(say("notices.until", day=day(say, one.until)))] if one.until else []
    return card(
        [
            *urgent,
            strong(one.title),
            *([body(one.text)] if one.text else []),
            quiet(issued),
            *until,
        ],
        identifier=f"notice-{one.id}",
        outline=theme.WARN if one.urgent else theme.LINE,
        edge=2 if one.urgent else theme.OUTLINE,
    )
