"""投诉建议: a complaint or a suggestion, sent through the outbox like everything else."""

import flet as ft

from fieldapp.screens.badges import flaw_words, notice
from fieldapp.screens.context import use_field_state
from fieldapp.state import paths
from fieldapp.ui import theme
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.text import body
from fieldapp.widgets.text_field import FieldSpec, text_field


@ft.component
def Suggest() -> ft.View:
    state, say = use_field_state()
    wrong = "\n".join(
        flaw_words(found, say, state.suggestion.text[found.start : found.end])
        for found in state.draft.flaws
        if found.field == "text"
    )
    form = FieldSpec("suggestion", say("suggest.text"), most=500, lines=6, wrong=wrong)
    return page(
        head(say("suggest.title"), None, handler(state.go, paths.SETTINGS), say("back")),
        [
            body(say("suggest.lead"), theme.MUTED),
            text_field(form, state.suggestion.text, state.suggestion.type),
        ],
        [*notice(state, say), button("send", say("suggest.send"), handler(state.suggestion.send))],
        viewport=state.viewport,
    )
