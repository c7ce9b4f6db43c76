"""What home and the screens of the patrol share: its name, its chip, its end, the undo."""

import flet as ft

from contract.report import Kind
from contract.visible_text import beside
from fieldapp.patrol.shifts import should_end
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.parts import card, chip, row, spread_row, wrapping_row
from fieldapp.widgets.reports import place_line
from fieldapp.widgets.text import announced, muted, named, strong


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


def patrol_row(state: FieldState, say: Speak) -> ft.Control:
    """On home: begin in one tap, or back to the list."""
    name = named("patrol-name", muted(patrol_name(state, say)))
    since = patrol_chip(state, say)
    if since is None:
        words, tap = strong(say("patrol.start"), theme.PRIMARY), handler(state.patrol.start)
        return row([words, name], "start-patrol", tap)
    line = wrapping_row(strong(say("patrol.open"), theme.PRIMARY), since)
    return row([line, name], "open-patrol", handler(state.patrol.open))


def end_proposal(state: FieldState, say: Speak) -> list[ft.Control]:
    """The card that proposes to end the patrol; [] if it is not yet time. It makes no sound."""
    if (
        not state.patrol.current
        or state.patrol.paused
        or not should_end(state.patrol.current, state.now())
    ):
        return []
    end = button("end-now", say("patrol.end"), handler(state.patrol.end), "quiet")
    box = card([strong(say("patrol.end_now"), theme.INFO), end], tone=theme.INFO)
    return [named("ending", box)]


def undo_bar(state: FieldState, say: Speak) -> list[ft.Control]:
    """For ten seconds after a seal, which may be undone; [] otherwise."""
    if not state.undo.entry:
        return []
    report = state.undo.entry.report
    clear = report.kind is Kind.CLEAR
    what = say("undo.clear" if clear else "undo.sealed")
    if not state.viewport.cramped:  # else the words would leave no place for the list
        what = f"{what} · {beside(place_line(report.place, say))}"
    text = strong(what, theme.OK)
    undo = button("undo", say("undo.go"), handler(state.outbox.undo), "quiet", height=56)
    text.expand = True  # in large text the words wrap
    words = ft.Row(
        [ft.Icon(ft.Icons.CHECK, color=theme.OK, size=24, apply_text_scaling=True), text], spacing=6
    )
    return [spread_row(announced("sealed", words), ft.Container(undo, width=120))]
