"""What support asks for, shown whole before it goes anywhere."""

import flet as ft

from fieldapp.screens.badges import notice
from fieldapp.screens.here import here
from fieldapp.state import paths
from fieldapp.ui import theme
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import body, quiet


@ft.component
def Diagnosis() -> ft.View:
    state, say = here()
    ft.on_mounted(state.diagnose)
    actions = side_by_side(
        button("send-diagnosis", say("diagnosis.send"), then(state.send_diagnosis)),
        button("copy", say("diagnosis.copy"), then(state.copy_diagnosis), "quiet"),
        left_handed=state.settings.left_handed,
    )
    return page(
        head(say("duty.diagnosis"), None, then(state.go, paths.DUTY), say("back")),
        [
            body(say("diagnosis.lead"), theme.MUTED),
            card([quiet(line) for line in state.diagnosis.splitlines()], identifier="diagnosis"),
        ],
        [*notice(state, say), actions],
        room=state.room,
    )
