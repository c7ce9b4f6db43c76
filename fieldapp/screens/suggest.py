"""投诉建议: a complaint or a suggestion, through the same outbox as everything else."""

import flet as ft

from fieldapp.screens.badges import flaw_words, notice
from fieldapp.screens.here import here
from fieldapp.state import paths
from fieldapp.ui import theme
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.page import head, page
from fieldapp.widgets.text import body
from fieldapp.widgets.text_field import FieldSpec, writing


@ft.component
def Suggest() -> ft.View:
    state, say = here()
    wrong = "\n".join(
        flaw_words(found, say, state.jotted[found.start : found.end])
        for found in state.flaws
        if found.field == "text"
    )
    form = FieldSpec("suggestion", say("suggest.text"), most=500, lines=6, wrong=wrong)
    return page(
        head(say("suggest.title"), None, then(state.go, paths.SETTINGS), say("back")),
        [
            body(say("suggest.lead"), theme.MUTED),
            writing(form, state.jotted, state.jot),
        ],
        [*notice(state, say), button("send", say("suggest.send"), then(state.send_jotted))],
        room=state.room,
    )
