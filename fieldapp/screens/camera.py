"""The camera: a viewfinder and one big shutter. No gallery, no video, no burst (rule L5)."""

import flet as ft

from fieldapp.screens.badges import notice
from fieldapp.screens.context import use_field_state
from fieldapp.screens.steps import steps
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.parts import chip
from fieldapp.widgets.text import muted
from fieldapp.widgets.tiles import tile, tile_rows

NARROW = 330  # on a small screen the shutter must stay in reach


@ft.component
def Camera() -> ft.View:
    state, say = use_field_state()
    ft.on_mounted(state.camera.aim)
    count = len(state.draft.entry.report.photos) if state.draft.entry else 0
    words = say("camera.hint") if state.camera.aimed else say("camera.starting")
    nth = chip(ft.Icons.IMAGE_OUTLINED, say("mask.nth", n=count + 1), theme.INFO)
    return page(
        head(say("camera.title"), nth, handler(state.photo.leave_camera), say("back")),
        [
            steps(state, say, 3),
            viewfinder(state),
            muted("" if _failed(state) else words),
            *torch_tile(state, say),
        ],
        [*notice(state, say), _actions(state, say)],
        viewport=state.viewport,
    )


def _failed(state: FieldState) -> bool:
    return bool(state.notice) and not state.camera.aimed


def viewfinder(state: FieldState) -> ft.Control:
    side = state.viewport.column - 2 * theme.EDGE
    return ft.Container(
        state.kit.camera.view(),
        width=side,
        height=side * 4 / 3 if side > NARROW else side,
        bgcolor="black",
        border_radius=theme.RADIUS,
        clip_behavior=ft.ClipBehavior.HARD_EDGE,
    )


def torch_tile(state: FieldState, say: Speak) -> list[ft.Control]:
    """Off until the worker wants it: its light shows everybody that somebody is there."""
    if not state.camera.aimed:
        return []
    words = say("camera.torch_off") if state.camera.torch else say("camera.torch_on")
    return tile_rows(
        [
            tile(
                "torch",
                words,
                handler(state.camera.toggle_torch),
                chosen=state.camera.torch,
                height=60,
            )
        ],
        1,
    )


def _actions(state: FieldState, say: Speak) -> ft.Control:
    shutter = _shutter(state, say)
    leave = button("no-photo", say("camera.skip"), handler(state.photo.leave_camera), "quiet")
    return side_by_side(
        shutter, leave, state.viewport, left_handed=state.settings.chosen.left_handed
    )


def _shutter(state: FieldState, say: Speak) -> ft.Control:
    """No shutter before the camera is ready: a press would be lost."""
    if _failed(state):
        return button("retry", say("camera.retry"), handler(state.camera.aim))
    if not state.camera.aimed:
        return button("starting", say("camera.starting"), handler(lambda: None), "quiet")
    return button("shutter", say("camera.shoot"), handler(state.photo.shoot))
