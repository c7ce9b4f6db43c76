"""A child in danger: three numbers to call, large, and nothing to fill in (rule L15)."""

import flet as ft

from contract.visible_text import beside
from fieldapp.screens.badges import notice
from fieldapp.screens.context import use_field_state
from fieldapp.state import FieldState, paths
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Tap, button, call_button, handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.progress_bar import icon_line
from fieldapp.widgets.text import body, strong

NUMBERS = ("110", "119", "12345")


@ft.component
def Sos() -> ft.View:
    state, say = use_field_state()
    return sos_page(state, say, handler(state.leave, paths.SOS))


def sos_page(state: FieldState, say: Speak, back: Tap) -> ft.View:
    calls = [
        call_button(f"call-{number}", say(f"sos.{number}"), number, handler(state.alarm.note))
        for number in NUMBERS
    ]
    lead, rule = strong(say("sos.lead"), theme.DANGER), body(say("sos.rule"))
    noted = _noted(state, say)
    cramped = state.viewport.cramped  # there the calls come before what one may read later
    return page(
        head(say("sos.title"), None, back, say("back")),
        [lead, *calls, rule, noted] if cramped else [lead, rule, noted],
        [*notice(state, say), *([] if cramped else calls)],
        viewport=state.viewport,
    )


def _noted(state: FieldState, say: Speak) -> ft.Control:
    """That it was noted, with time and place; before, a button for whoever called from another
    phone: a call by this screen notes it already."""
    alarm = state.alarm.noted
    if not alarm:
        return button(
            "note-alarm", say("sos.note"), handler(state.alarm.note), "plain", theme.TOUCH
        )
    at = f"{alarm.at.astimezone(state.now().tzinfo):%H:%M}"
    place = next((c.name for c in state.bureau.places.compounds if c.id == alarm.compound), "")
    words = " · ".join(beside(part) for part in (say("sos.noted", time=at), place) if part)
    line = icon_line(ft.Icons.CHECK, words, theme.OK)
    return ft.Semantics(identifier="noted", live_region=True, content=line)
