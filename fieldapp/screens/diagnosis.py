"""The diagnosis text for support, shown in full before it is copied or sent."""

import flet as ft

from fieldapp.screens.badges import notice
from fieldapp.screens.context import use_field_state
from fieldapp.state import paths
from fieldapp.ui import theme
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import body, muted


@ft.component
def Diagnosis() -> ft.View:
    state, say = use_field_state()
    ft.on_mounted(state.diagnosis.write)
    actions = side_by_side(
        button("send-diagnosis", say("diagnosis.send"), handler(state.diagnosis.send)),
        button("copy", say("diagnosis.copy"), handler(state.diagnosis.copy), "quiet"),
        left_handed=state.settings.chosen.left_handed,
    )
    return page(
        head(say("duty.diagnosis"), None, handler(state.go, paths.DUTY), say("back")),
        [
            body(say("diagnosis.lead"), theme.MUTED),
            card(
                [muted(line) for line in state.diagnosis.text.splitlines()], identifier="diagnosis"
            ),
        ],
        [*notice(state, say), actions],
        viewport=state.viewport,
    )
