"""What home and the patrol's screens show alike: its name, its standing, its end, the undo."""

import flet as ft

from contract.report import Kind
from fieldapp.patrol.shifts import should_end
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.parts import between, card, chip
from fieldapp.widgets.text import aloud, named, strong


def patrol_name(state: FieldState, say: Speak) -> str:
    """Of the patrol under way, of the one just ended, or of the one proposed: 夜查 · 日常."""
    patrol = state.patrol or state.over or state.proposed()
    shift = state.lists.word("shift", patrol.shift, say("lang"))
    return say(
        "patrol.name",
        shift=shift,
        form=state.lists.word("patrol_form", patrol.form, say("lang")),
    )


def standing(state: FieldState, say: Speak) -> ft.Control | None:
    if not state.patrol:
        return None
    if state.paused:
        return chip(ft.Icons.PAUSE, say("patrol.paused"), theme.WARN, identifier="paused")
    since = f"{state.patrol.started_at.astimezone(state.now().tzinfo):%H:%M}"
    return chip(ft.Icons.TIMELAPSE, say("patrol.since", time=since), theme.INFO)


def patrol_card(state: FieldState, say: Speak) -> list[ft.Control]:
    """On home: begin in one tap, or back to the list."""
    name = named("patrol-name", strong(patrol_name(state, say)))
    chip_or_none = standing(state, say)
    if chip_or_none is None:
        words, tap = say("patrol.start"), then(state.start_patrol)
        rows: list[ft.Control] = [name, button("start-patrol", words, tap, "quiet")]
    else:
        open_it = button("open-patrol", say("patrol.open"), then(state.walk), "quiet")
        both = ft.Row([name, chip_or_none], wrap=True, alignment=ft.MainAxisAlignment.SPACE_BETWEEN)
        rows = [both, open_it]
    return [*ending(state, say), card(rows)]


def ending(state: FieldState, say: Speak) -> list[ft.Control]:
    """The end is proposed, by this card alone; at night even that is silent."""
    if not state.patrol or state.paused or not should_end(state.patrol, state.now()):
        return []
    end = button("end-now", say("patrol.end"), then(state.end_patrol), "quiet")
    box = card([strong(say("patrol.end_now"), theme.INFO), end], outline=theme.INFO, edge=2)
    return [named("ending", box)]


def undo_bar(state: FieldState, say: Speak) -> list[ft.Control]:
    """Ten seconds to think again."""
    if not state.sealed:
        return []
    report = state.sealed.report
    clear = report.kind is Kind.CLEAR
    said = strong(say("undo.clear" if clear else "undo.sealed"), theme.OK)
    undo = button("undo", say("undo.go"), then(state.undo), "quiet", height=56)
    said.expand = True  # words twice as large go on in a second line
    words = ft.Row(
        [ft.Icon(ft.Icons.CHECK, color=theme.OK, size=24, apply_text_scaling=True), said], spacing=6
    )
    return [between(aloud("sealed", words), ft.Container(undo, width=120))]
