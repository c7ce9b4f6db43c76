"""The diagnosis text for support, shown in full before it is copied or sent."""

import flet as ft

from fieldapp.screens.badges import notice
from fieldapp.screens.context import use_field_state
from fieldapp.state import paths
from fieldapp.ui import theme
from fieldapp.ui.words import Speak, why
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import body, muted


@ft.component
def Diagnosis() -> ft.View:
    state, say = use_field_state()
    ft.on_mounted(state.diagnosis.write)
    witnesses = handler(state.diagnosis.copy_witnesses)
    actions = side_by_side(
        button("send-diagnosis", say("diagnosis.send"), handler(state.diagnosis.send)),
        button("copy", say("diagnosis.copy"), handler(state.diagnosis.copy), "quiet"),
        state.viewport,
        left_handed=state.settings.chosen.left_handed,
    )
    return page(
        head(say("duty.diagnosis"), None, handler(state.go, paths.DUTY), say("back")),
        [
            body(say("diagnosis.lead"), theme.MUTED),
            card(
                [muted(_in_words(line, say)) for line in state.diagnosis.text.splitlines()],
                identifier="diagnosis",
            ),
            body(say("diagnosis.witnesses"), theme.MUTED),
            button("copy-witnesses", say("diagnosis.copy_witnesses"), witnesses, "quiet"),
        ],
        [*notice(state, say), actions],
        viewport=state.viewport,
    )


def _in_words(line: str, say: Speak) -> str:
    """How a round ended in words; support reads the code in what is copied or sent."""
    begun, _, code = line.rpartition(" ")
    if not line.startswith("round: "):
        return line
    return f"{begun} {say('sync.done') if code == 'ok' else why(say, code)}"
