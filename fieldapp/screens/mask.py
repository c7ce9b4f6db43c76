"""The picture exactly as it will be kept; a tap covers what must not be seen (rule L6)."""

import flet as ft

from fieldapp import look
from fieldapp.ports import Frame
from fieldapp.screens.badges import notice
from fieldapp.screens.here import here
from fieldapp.state import FieldState, paths
from fieldapp.widgets.page import WIDEST, head, page, side_by_side
from fieldapp.widgets.parts import chip, steps, threes
from fieldapp.widgets.press import button, then, tile
from fieldapp.widgets.text import body, named, quiet
from fieldapp.words import Speak

SIZES = ("small", "middle", "large")
TALLEST = 400


@ft.component
def Mask() -> ft.View:
    state, say = here()
    count = len(state.draft.report.photos) if state.draft else 0
    picture = [_picture(state, state.preview)] if state.preview else []
    covered = len(state.masks)
    lead = say("mask.count", n=covered) + "。" if covered and say("lang") == "zh" else ""
    return page(
        head(
            say("mask.title"),
            chip(ft.Icons.IMAGE_OUTLINED, say("mask.nth", n=count + 1), look.INFO),
            then(state.photograph),
            say("back"),
        ),
        [
            steps(3),
            *picture,
            named("mask-count", body(lead + say("mask.lead"))),
            *_tiles(state, say),
            quiet(say("mask.kept")),
        ],
        [*notice(state, say), _actions(state, say)],
        width=state.width,
    )


def _picture(state: FieldState, preview: Frame) -> ft.Control:
    """Shown at a size known here, so that a tap tells where in the picture it was. The detector
    stays out of the semantics tree: a tap by way of that tree always lands in the middle."""
    width = min(state.width, WIDEST) - 2 * look.EDGE
    height = width * preview.height / preview.width
    if height > TALLEST:
        width, height = TALLEST * preview.width / preview.height, TALLEST

    async def cover(event: ft.TapEvent[ft.GestureDetector]) -> None:
        if event.local_position:
            await state.cover(event.local_position.x / width, event.local_position.y / height)

    shown = ft.Image(
        src=preview.jpeg, width=width, height=height, fit=ft.BoxFit.FILL, gapless_playback=True
    )
    layers: list[ft.Control] = [shown, *(_frame(mask, width, height) for mask in state.masks)]
    detector = ft.GestureDetector(
        content=ft.Stack(layers, width=width, height=height),
        on_tap_down=cover,
        exclude_from_semantics=True,
    )
    box = ft.Container(detector, border_radius=look.RADIUS, clip_behavior=ft.ClipBehavior.HARD_EDGE)
    row = ft.Row([named("picture", box)], alignment=ft.MainAxisAlignment.CENTER)
    return row


def _frame(mask: object, width: float, height: float) -> ft.Control:
    x, y, w, h = (getattr(mask, side) for side in "xywh")
    return ft.Container(
        left=x * width,
        top=y * height,
        width=w * width,
        height=h * height,
        border=ft.Border.all(2, "white"),
        border_radius=4,
        ignore_interactions=True,
    )


def _tiles(state: FieldState, say: Speak) -> list[ft.Control]:
    size = say(f"mask.{SIZES[state.mask_size]}")
    return threes(
        [
            tile("mask-add", say("mask.add"), then(state.cover, 0.5, 0.5)),
            tile("mask-size", say("mask.size", size=size), then(state.resize)),
            tile("mask-undo", say("mask.undo"), then(state.uncover)),
        ]
    )


def _actions(state: FieldState, say: Speak) -> ft.Control:
    return side_by_side(
        button("use", say("mask.use"), then(state.use)),
        button("again", say("mask.again"), then(state.go, paths.CAMERA), "quiet"),
        left_handed=state.settings.left_handed,
    )
