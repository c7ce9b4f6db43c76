"""The camera looks for the bureau's code; it needs no shutter, and typing stays one tap away."""

import flet as ft

from fieldapp.screens.badges import notice
from fieldapp.screens.camera import finder, torch
from fieldapp.screens.here import here
from fieldapp.state import FieldState
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.text import quiet


@ft.component
def Scan() -> ft.View:
    state, say = here()
    ft.on_mounted(state.look_for_code)
    leave = then(state.stop_scanning)
    return page(
        head(say("scan.title"), None, leave, say("back")),
        [finder(state), quiet(_words(state, say)), *torch(state, say)],
        [*notice(state, say), _actions(state, say)],
        room=state.room,
    )


def _words(state: FieldState, say: Speak) -> str:
    if not state.aimed:
        return say("camera.starting") if state.looking else ""
    return say("scan.looking") if state.looking else say("scan.hint")


def _actions(state: FieldState, say: Speak) -> ft.Control:
    typed = button("type-code", say("scan.type"), then(state.stop_scanning), "quiet")
    if state.looking:
        return typed
    again = button("retry", say("camera.retry"), then(state.look_for_code))
    return side_by_side(again, typed, left_handed=state.settings.left_handed)
