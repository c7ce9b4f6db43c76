"""A child in danger: three numbers to call, large, and nothing to fill in (rule L15)."""

import flet as ft

from fieldapp.screens.badges import notice
from fieldapp.screens.here import here
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, call_button, then
from fieldapp.widgets.gauge import sign
from fieldapp.widgets.page import head, page
from fieldapp.widgets.text import body, strong

NUMBERS = ("110", "119", "12345")


@ft.component
def Sos() -> ft.View:
    state, say = here()
    calls = [
        call_button(f"call-{number}", say(f"sos.{number}"), number, then(state.alarmed))
        for number in NUMBERS
    ]
    lead, rule = strong(say("sos.lead"), theme.DANGER), body(say("sos.rule"))
    noted = _noted(state, say)
    cramped = state.room.cramped  # there the calls come before what one may read later
    return page(
        head(say("sos.title"), None, then(state.home), say("back")),
        [lead, *calls, rule, noted] if cramped else [lead, rule, noted],
        [*notice(state, say), *([] if cramped else calls)],
        room=state.room,
    )


def _noted(state: FieldState, say: Speak) -> ft.Control:
    """By the call, or by this button for whoever called from another phone."""
    alarm = state.alarm
    if not alarm:
        return button("note-alarm", say("sos.note"), then(state.alarmed), "plain", theme.TOUCH)
    at = f"{alarm.at.astimezone(state.now().tzinfo):%H:%M}"
    place = next((c.name for c in state.places.compounds if c.id == alarm.compound), "")
    words = " · ".join(part for part in (say("sos.noted", time=at), place) if part)
    line = sign(ft.Icons.CHECK, words, theme.OK)
    return ft.Semantics(identifier="noted", live_region=True, content=line)
