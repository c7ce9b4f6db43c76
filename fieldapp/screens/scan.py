"""The camera looks for the bureau's code by itself; typing stays one tap away."""

import flet as ft

from fieldapp.screens.badges import notice
from fieldapp.screens.camera import torch_tile, viewfinder
from fieldapp.screens.context import use_field_state
from fieldapp.state import FieldState
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.text import muted


@ft.component
def Scan() -> ft.View:
    state, say = use_field_state()
    ft.on_mounted(state.enrolment.look_for_code)
    leave = handler(state.enrolment.leave_camera)
    return page(
        head(say("scan.title"), None, leave, say("back")),
        [viewfinder(state), muted(_words(state, say)), *torch_tile(state, say)],
        [*notice(state, say), _actions(state, say)],
        viewport=state.viewport,
    )


def _words(state: FieldState, say: Speak) -> str:
    if not state.camera.aimed:
        return say("camera.starting") if state.enrolment.looking else ""
    return say("scan.looking") if state.enrolment.looking else say("scan.hint")


def _actions(state: FieldState, say: Speak) -> ft.Control:
    typed = button("type-code", say("scan.type"), handler(state.enrolment.leave_camera), "quiet")
    if state.enrolment.looking:
        return typed
    again = button("retry", say("camera.retry"), handler(state.enrolment.look_for_code))
    return side_by_side(again, typed, state.viewport, left_handed=state.settings.chosen.left_handed)
