"""The bureau's notices to its workers: urgent ones first, then the newest."""

import flet as ft

from contract.reference import Notice
from contract.visible_text import beside
from fieldapp.screens.context import use_field_state
from fieldapp.state import paths
from fieldapp.state.lookup import notices_in_force
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card
from fieldapp.widgets.progress_bar import icon_line
from fieldapp.widgets.text import body, muted, strong
from fieldapp.widgets.times import day


@ft.component
def Notices() -> ft.View:
    state, say = use_field_state()
    rows = [_card(say, one) for one in notices_in_force(state.bureau.reference, state.now().date())]
    return page(
        head(say("notices.title"), None, handler(state.leave, paths.NOTICES), say("back")),
        rows or [card([body(say("notices.empty"), theme.MUTED)], identifier="empty")],
        viewport=state.viewport,
    )


def _card(say: Speak, one: Notice) -> ft.Control:
    issued = " · ".join(beside(part) for part in (one.office, day(say, one.issued)) if part)
    urgent = (
        [icon_line(ft.Icons.PRIORITY_HIGH, say("notices.urgent"), theme.WARN)] if one.urgent else []
    )
    until = [muted(say("notices.until", day=day(say, one.until)))] if one.until else []
    return card(
        [
            *urgent,
            strong(one.title),
            *([body(one.text)] if one.text else []),
            muted(issued),
            *until,
        ],
        identifier=f"notice-{one.id}",
        tone=theme.WARN if one.urgent else theme.SURFACE,
    )
