"""The camera: what it sees, and one big shutter. No gallery, no video, no burst (rule L5)."""

import flet as ft

from fieldapp import look
from fieldapp.screens.badges import notice
from fieldapp.screens.here import here
from fieldapp.state import paths
from fieldapp.widgets.page import WIDEST, head, page, side_by_side
from fieldapp.widgets.parts import chip, steps
from fieldapp.widgets.press import button, then
from fieldapp.widgets.text import body, quiet


@ft.component
def Camera() -> ft.View:
    state, say = here()
    ft.on_mounted(state.aim)
    count = len(state.draft.report.photos) if state.draft else 0
    side = min(state.width, WIDEST) - 2 * look.EDGE
    finder = ft.Container(
        state.kit.camera.view(),
        width=side,
        height=side * 4 / 3 if side > 330 else side,
        bgcolor="black",
        border_radius=look.RADIUS,
        clip_behavior=ft.ClipBehavior.HARD_EDGE,
    )
    failed = bool(state.notice) and not state.aimed
    words = say("camera.hint") if state.aimed else say("camera.starting")
    shutter = (
        button("retry", say("camera.retry"), then(state.aim))
        if failed
        else button("shutter", say("camera.shoot"), then(state.shoot))
    )
    leave = button("no-photo", say("camera.skip"), then(state.go, paths.SEEN), "quiet")
    nth = chip(ft.Icons.IMAGE_OUTLINED, say("mask.nth", n=count + 1), look.INFO)
    return page(
        head(say("camera.title"), nth, then(state.go, paths.SEEN), say("back")),
        [steps(3), finder, quiet(words) if not failed else body("")],
        [*notice(state, say), side_by_side(shutter, leave, left_handed=state.settings.left_handed)],
        width=state.width,
    )
