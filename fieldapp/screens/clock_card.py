"""Tells before the seal that the phone's clock is wrong, and what to do; sealing stays possible."""

import flet as ft

from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.parts import card
from fieldapp.widgets.progress_bar import icon_line
from fieldapp.widgets.text import body

UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))


def clock_card(state: FieldState, say: Speak) -> list[ft.Control]:
    """[] if nothing speaks against the clock."""
    code = state.sync.clock_flaw()
    if not code:
        return []
    shown = say("clock.shows", at=f"{state.now():%Y-%m-%d %H:%M}")
    title = icon_line(ft.Icons.ACCESS_TIME, f"{say(f'why.{code}')}{shown}", theme.WARN)
    lines: list[ft.Control] = [title, body(say("clock.next"))]
    if off := _off_by(state, say):
        lines.insert(1, body(off))
    return [card(lines, identifier="clock", tone=theme.WARN)]


def _off_by(state: FieldState, say: Speak) -> str:
    """How far the clock was off, as the bureau said; "" where it has not said so."""
    said = state.sync.bureau_time
    seconds = abs(said.skew_s) if said else 0
    for unit, length in UNITS:
        if said and seconds >= 2 * length:
            which = "behind" if said.skew_s > 0 else "ahead"
            return say(f"clock.{which}", off=say(f"clock.{unit}", n=round(seconds / length)))
    return ""
