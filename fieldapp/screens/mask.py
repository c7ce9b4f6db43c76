"""The picture exactly as it will be kept: faces found are covered, a tap covers more (rule L6)."""

import flet as ft

from fieldapp import ports
from fieldapp.screens.badges import notice
from fieldapp.screens.here import here
from fieldapp.state import FieldState, paths
from fieldapp.state.face_search import FaceSearch
from fieldapp.ui import theme
from fieldapp.ui.viewport import Viewport
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.parts import chip, steps
from fieldapp.widgets.text import body, named, quiet, strong
from fieldapp.widgets.tiles import threes, tile

TALLEST, NARROW = 340, 330  # picture and buttons in one view, so that one sees what one moves
PAD = 60
GLANCES: dict[FaceSearch, tuple[ft.IconData, str]] = {
    FaceSearch.LOOKING: (ft.Icons.SEARCH, theme.INFO),
    FaceSearch.FOUND: (ft.Icons.CHECK, theme.OK),
    FaceSearch.NONE: (ft.Icons.VISIBILITY_OUTLINED, theme.INFO),
    FaceSearch.UNABLE: (ft.Icons.VISIBILITY_OFF_OUTLINED, theme.WARN),
    FaceSearch.SLOW: (ft.Icons.HOURGLASS_EMPTY, theme.WARN),
}


@ft.component
def Mask() -> ft.View:
    state, say = here()
    count = len(state.draft.report.photos) if state.draft else 0
    covered = len(state.masks)
    lead = say("mask.count", n=covered) + "。" if covered and say("lang") == "zh" else ""
    return page(
        head(
            say("mask.title"),
            chip(ft.Icons.IMAGE_OUTLINED, say("mask.nth", n=count + 1), theme.INFO),
            then(state.photograph),
            say("back"),
        ),
        [
            steps(3),
            *_picture(state),
            *_glance(state, say),
            *_pad(state, say),
            named("mask-count", body(lead + say("mask.lead"))),
            quiet(say("mask.kept")),
        ],
        [*notice(state, say), _actions(state, say)],
        room=state.room,
    )


def _glance(state: FieldState, say: Speak) -> list[ft.Control]:
    """What the phone found, as icon and words and colour; read aloud when it changes."""
    if state.glance not in GLANCES:
        return []
    icon, colour = GLANCES[state.glance]
    words = strong(say(f"mask.glance_{state.glance}", n=state.suggested), colour)
    words.expand = True
    row = ft.Row([ft.Icon(icon, size=24, color=colour, apply_text_scaling=True), words], spacing=6)
    return [ft.Semantics(identifier="mask-glance", live_region=True, content=row)]


def _picture(state: FieldState) -> list[ft.Control]:
    """Its place is kept while it is being printed, so that no button moves under a thumb."""
    if not state.frame:
        return []
    width, height = _size(state.frame, state.room)
    shown = (
        _preview(state, state.preview, width, height)
        if state.preview
        else ft.Container(width=width, height=height, bgcolor=theme.SUNKEN)
    )
    box = ft.Container(shown, border_radius=theme.RADIUS, clip_behavior=ft.ClipBehavior.HARD_EDGE)
    return [ft.Row([named("picture", box)], alignment=ft.MainAxisAlignment.CENTER)]


def _size(frame: ports.Frame, room: Viewport) -> tuple[float, float]:
    """On screen, in logical pixels: as wide as the page, but never so tall that the buttons go."""
    width = room.column - 2 * theme.EDGE
    tallest = TALLEST if room.width > NARROW else TALLEST / 2
    height = width * frame.height / frame.width
    return (width, height) if height <= tallest else (tallest * frame.width / frame.height, tallest)


def _preview(
    state: FieldState, preview: ports.Frame, width: float, height: float
) -> ft.GestureDetector:
    """Shown at a size known here, so that a tap tells where in the picture it was. The detector
    stays out of the semantics tree: a tap by way of that tree always lands in the middle."""

    async def cover(event: ft.TapEvent[ft.GestureDetector]) -> None:
        if event.local_position:
            await state.cover(event.local_position.x / width, event.local_position.y / height)

    shown = ft.Image(
        src=preview.jpeg, width=width, height=height, fit=ft.BoxFit.FILL, gapless_playback=True
    )
    frames = [
        _frame(mask, width, height, chosen=n == state.chosen) for n, mask in enumerate(state.masks)
    ]
    return ft.GestureDetector(
        content=ft.Stack([shown, *frames], width=width, height=height),
        on_tap_down=cover,
        exclude_from_semantics=True,
    )


def _frame(mask: ports.Mask, width: float, height: float, *, chosen: bool) -> ft.Control:
    """Black within white, to be seen on any picture; the chosen one is three times as thick."""
    edge = theme.CHOSEN if chosen else theme.OUTLINE
    return ft.Container(
        ft.Container(border=ft.Border.all(edge, "black"), border_radius=3),
        left=mask.x * width,
        top=mask.y * height,
        width=mask.w * width,
        height=mask.h * height,
        border=ft.Border.all(edge, "white"),
        border_radius=4,
        ignore_interactions=True,
    )


def _pad(state: FieldState, say: Speak) -> list[ft.Control]:
    """Buttons around the chosen mask as it moves on the picture: no pinch, no dragging."""
    add = tile("mask-add", say("mask.add"), then(state.add_mask), height=PAD)
    if not state.masks:
        return threes([add], 1)
    nth, many = state.chosen + 1, len(state.masks)
    move, scale = state.move_mask, state.scale_mask
    tiles = [
        tile("mask-remove", say("mask.remove"), then(state.uncover), height=PAD),
        tile("mask-up", say("mask.up"), then(move, 0, -1), height=PAD),
        add,
        tile("mask-left", say("mask.left"), then(move, -1, 0), height=PAD),
        tile("mask-next", say("mask.next", nth=nth, n=many), then(state.next_mask), height=PAD),
        tile("mask-right", say("mask.right"), then(move, 1, 0), height=PAD),
        tile("mask-smaller", say("mask.smaller"), then(scale, False), height=PAD),
        tile("mask-down", say("mask.down"), then(move, 0, 1), height=PAD),
        tile("mask-larger", say("mask.larger"), then(scale, True), height=PAD),
    ]
    return threes(tiles)


def _actions(state: FieldState, say: Speak) -> ft.Control:
    """Not to be used before the phone has looked: a face that it finds later would be gone out."""
    use = button("use", say("mask.use"), then(state.use))
    if state.glance is FaceSearch.LOOKING:
        use = button("looking", say("mask.glance_looking"), then(lambda: None), "quiet")
    return side_by_side(
        use,
        button("again", say("mask.again"), then(state.go, paths.CAMERA), "quiet"),
        left_handed=state.settings.left_handed,
    )
