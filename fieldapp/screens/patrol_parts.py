"""What home and the screens of the patrol share: its name, its chip, its end, the undo."""

import flet as ft

from contract.report import Kind
from fieldapp.patrol.shifts import should_end
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.parts import card, chip, spread_row
from fieldapp.widgets.text import announced, named, strong


def patrol_name(state: FieldState, say: Speak) -> str:
    """Of the patrol under way, of the one just ended, or of the one proposed: 夜查 · 日常."""
    patrol = state.patrol.current or state.patrol.ended or state.patrol.proposed()
    shift = state.bureau.lists.word("shift", patrol.shift, say("lang"))
    return say(
        "patrol.name",
        shift=shift,
        form=state.bureau.lists.word("patrol_form", patrol.form, say("lang")),
    )


def patrol_chip(state: FieldState, say: Speak) -> ft.Control | None:
    if not state.patrol.current:
        return None
    if state.patrol.paused:
        return chip(ft.Icons.PAUSE, say("patrol.paused"), theme.WARN, identifier="paused")
    since = f"{state.patrol.current.started_at.astimezone(state.now().tzinfo):%H:%M}"
    return chip(ft.Icons.TIMELAPSE, say("patrol.since", time=since), theme.INFO)


def patrol_card(state: FieldState, say: Speak) -> list[ft.Control]:
    """On home: begin in one tap, or back to the list."""
    name = named("patrol-name", strong(patrol_name(state, say)))
    chip_or_none = patrol_chip(state, say)
    if chip_or_none is None:
        words, tap = say("patrol.start"), handler(state.patrol.start)
        rows: list[ft.Control] = [name, button("start-patrol", words, tap, "quiet")]
    else:
        open_it = button("open-patrol", say("patrol.open"), handler(state.patrol.open), "quiet")
        both = ft.Row([name, chip_or_none], wrap=True, alignment=ft.MainAxisAlignment.SPACE_BETWEEN)
        rows = [both, open_it]
    return [*end_proposal(state, say), card(rows)]


def end_proposal(state: FieldState, say: Speak) -> list[ft.Control]:
    """The card that proposes to end the patrol; [] if it is not yet time. It makes no sound."""
    if (
        not state.patrol.current
        or state.patrol.paused
        or not should_end(state.patrol.current, state.now())
    ):
        return []
    end = button("end-now", say("patrol.end"), handler(state.patrol.end), "quiet")
    box = card([strong(say("patrol.end_now"), theme.INFO), end], outline=theme.INFO, edge=2)
    return [named("ending", box)]


def undo_bar(state: FieldState, say: Speak) -> list[ft.Control]:
    """For ten seconds after a seal, which may be undone; [] otherwise."""
    if not state.undo.entry:
        return []
    report = state.undo.entry.report
    clear = report.kind is Kind.CLEAR
    text = strong(say("undo.clear" if clear else "undo.sealed"), theme.OK)
    undo = button("undo", say("undo.go"), handler(state.outbox.undo), "quiet", height=56)
    text.expand = True  # in large text the words wrap
    words = ft.Row(
        [ft.Icon(ft.Icons.CHECK, color=theme.OK, size=24, apply_text_scaling=True), text], spacing=6
    )
    return [spread_row(announced("sealed", words), ft.Container(undo, width=120))]
