"""The camera: what it sees, and one big shutter. No gallery, no video, no burst (rule L5)."""

import flet as ft

from fieldapp.screens.badges import notice
from fieldapp.screens.here import here
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.parts import chip, steps
from fieldapp.widgets.text import quiet
from fieldapp.widgets.tiles import threes, tile

NARROW = 330  # on a small screen the shutter must stay in reach


@ft.component
def Camera() -> ft.View:
    state, say = here()
    ft.on_mounted(state.aim)
    count = len(state.draft.report.photos) if state.draft else 0
    words = say("camera.hint") if state.aimed else say("camera.starting")
    nth = chip(ft.Icons.IMAGE_OUTLINED, say("mask.nth", n=count + 1), theme.INFO)
    return page(
        head(say("camera.title"), nth, then(state.leave_camera), say("back")),
        [steps(3), finder(state), quiet("" if _failed(state) else words), *torch(state, say)],
        [*notice(state, say), _actions(state, say)],
        room=state.room,
    )


def _failed(state: FieldState) -> bool:
    return bool(state.notice) and not state.aimed


def finder(state: FieldState) -> ft.Control:
    side = state.room.column - 2 * theme.EDGE
    return ft.Container(
        state.kit.camera.view(),
        width=side,
        height=side * 4 / 3 if side > NARROW else side,
        bgcolor="black",
        border_radius=theme.RADIUS,
        clip_behavior=ft.ClipBehavior.HARD_EDGE,
    )


def torch(state: FieldState, say: Speak) -> list[ft.Control]:
    """Off until it is wanted: its light tells everybody that somebody is there."""
    if not state.aimed:
        return []
    words = say("camera.torch_off") if state.torch else say("camera.torch_on")
    return threes([tile("torch", words, then(state.shine), chosen=state.torch, height=60)], 1)


def _actions(state: FieldState, say: Speak) -> ft.Control:
    shutter = _shutter(state, say)
    leave = button("no-photo", say("camera.skip"), then(state.leave_camera), "quiet")
    return side_by_side(shutter, leave, left_handed=state.settings.left_handed)


def _shutter(state: FieldState, say: Speak) -> ft.Control:
    """Nothing to press before there is something to see: a tap that does nothing is a lost one."""
    if _failed(state):
        return button("retry", say("camera.retry"), then(state.aim))
    if not state.aimed:
        return button("starting", say("camera.starting"), then(lambda: None), "quiet")
    return button("shutter", say("camera.shoot"), then(state.shoot))
