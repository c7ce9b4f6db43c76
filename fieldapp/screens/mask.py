"""The photo exactly as it will be kept: faces found are covered, a tap covers more (rule L6)."""

import flet as ft

from fieldapp import ports
from fieldapp.screens.badges import notice
from fieldapp.screens.context import use_field_state
from fieldapp.screens.steps import steps
from fieldapp.state import FieldState, paths
from fieldapp.state.face_search import FaceSearch
from fieldapp.ui import theme
from fieldapp.ui.viewport import Viewport
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.parts import chip
from fieldapp.widgets.text import body, muted, named, strong
from fieldapp.widgets.tiles import tile, tile_rows

TALLEST, NARROW = 340, 330  # so that photo and buttons are seen at once
BUTTON = 60
FACE_SEARCHES: dict[FaceSearch, tuple[ft.IconData, str]] = {
    FaceSearch.LOOKING: (ft.Icons.SEARCH, theme.INFO),
    FaceSearch.FOUND: (ft.Icons.CHECK, theme.OK),
    FaceSearch.NONE: (ft.Icons.VISIBILITY_OUTLINED, theme.INFO),
    FaceSearch.UNABLE: (ft.Icons.VISIBILITY_OFF_OUTLINED, theme.WARN),
    FaceSearch.SLOW: (ft.Icons.HOURGLASS_EMPTY, theme.WARN),
}


@ft.component
def Mask() -> ft.View:
    state, say = use_field_state()
    count = len(state.draft.entry.report.photos) if state.draft.entry else 0
    covered = len(state.masking.masks)
    lead = say("mask.count", n=covered) + "。" if covered and say("lang") == "zh" else ""
    return page(
        head(
            say("mask.title"),
            chip(ft.Icons.IMAGE_OUTLINED, say("mask.nth", n=count + 1), theme.INFO),
            handler(state.photo.begin),
            say("back"),
        ),
        [
            steps(state, say, 3),
            *_photo(state),
            *_face_search(state, say),
            *_buttons(state, say),
            named("mask-count", body(lead + say("mask.lead"))),
            muted(say("mask.kept")),
        ],
        [*notice(state, say), _actions(state, say)],
        viewport=state.viewport,
    )


def _face_search(state: FieldState, say: Speak) -> list[ft.Control]:
    """The outcome of the search for faces: icon, words and colour; read aloud when it changes."""
    if state.masking.face_search not in FACE_SEARCHES:
        return []
    icon, colour = FACE_SEARCHES[state.masking.face_search]
    words = strong(say(f"mask.glance_{state.masking.face_search}", n=state.masking.faces), colour)
    words.expand = True
    row = ft.Row([ft.Icon(icon, size=24, color=colour, apply_text_scaling=True), words], spacing=6)
    return [ft.Semantics(identifier="mask-glance", live_region=True, content=row)]


def _photo(state: FieldState) -> list[ft.Control]:
    """An empty box while the preview is being made, so that no button moves under a thumb."""
    if not state.masking.frame:
        return []
    width, height = _size(state.masking.frame, state.viewport)
    shown = (
        _preview(state, state.masking.preview, width, height)
        if state.masking.preview
        else ft.Container(width=width, height=height, bgcolor=theme.SUNKEN)
    )
    box = ft.Container(shown, border_radius=theme.RADIUS, clip_behavior=ft.ClipBehavior.HARD_EDGE)
    return [ft.Row([named("photo-preview", box)], alignment=ft.MainAxisAlignment.CENTER)]


def _size(frame: ports.Frame, viewport: Viewport) -> tuple[float, float]:
    """On screen, in logical pixels: as wide as the page, but not so tall that the buttons do not
    fit."""
    width = viewport.column - 2 * theme.EDGE
    tallest = TALLEST if viewport.width > NARROW else TALLEST / 2
    height = width * frame.height / frame.width
    return (width, height) if height <= tallest else (tallest * frame.width / frame.height, tallest)


def _preview(
    state: FieldState, preview: ports.Frame, width: float, height: float
) -> ft.GestureDetector:
    """Shown at a size known here, so that a tap tells where in the photo it was. The detector stays
    out of the semantics tree: a tap by way of that tree always comes from the middle."""

    async def cover(event: ft.TapEvent[ft.GestureDetector]) -> None:
        if event.local_position:
            await state.masking.tap(event.local_position.x / width, event.local_position.y / height)

    shown = ft.Image(
        src=preview.jpeg, width=width, height=height, fit=ft.BoxFit.FILL, gapless_playback=True
    )
    frames = [
        _frame(mask, width, height, chosen=n == state.masking.chosen)
        for n, mask in enumerate(state.masking.masks)
    ]
    return ft.GestureDetector(
        content=ft.Stack([shown, *frames], width=width, height=height),
        on_tap_down=cover,
        exclude_from_semantics=True,
    )


def _frame(mask: ports.Mask, width: float, height: float, *, chosen: bool) -> ft.Control:
    """Black within white, to be seen on any photo; three times as thick around the chosen mask."""
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


def _buttons(state: FieldState, say: Speak) -> list[ft.Control]:
    """Buttons that move and scale the chosen mask: no pinching, no dragging."""
    add = tile("mask-add", say("mask.add"), handler(state.masking.add), height=BUTTON)
    if not state.masking.masks:
        return tile_rows([add], 1)
    nth, many = state.masking.chosen + 1, len(state.masking.masks)
    move, scale = state.masking.move, state.masking.scale
    tiles = [
        tile("mask-remove", say("mask.remove"), handler(state.masking.remove), height=BUTTON),
        tile("mask-up", say("mask.up"), handler(move, 0, -1), height=BUTTON),
        add,
        tile("mask-left", say("mask.left"), handler(move, -1, 0), height=BUTTON),
        tile(
            "mask-next",
            say("mask.next", nth=nth, n=many),
            handler(state.masking.choose_next),
            height=BUTTON,
        ),
        tile("mask-right", say("mask.right"), handler(move, 1, 0), height=BUTTON),
        tile("mask-smaller", say("mask.smaller"), handler(scale, False), height=BUTTON),
        tile("mask-down", say("mask.down"), handler(move, 0, 1), height=BUTTON),
        tile("mask-larger", say("mask.larger"), handler(scale, True), height=BUTTON),
    ]
    return tile_rows(tiles)


def _actions(state: FieldState, say: Speak) -> ft.Control:
    """The photo cannot be used before the phone has looked for faces: one that it finds later would
    have been sent."""
    use = button("use", say("mask.use"), handler(state.photo.use))
    if state.masking.face_search is FaceSearch.LOOKING:
        use = button("looking", say("mask.glance_looking"), handler(lambda: None), "quiet")
    return side_by_side(
        use,
        button("again", say("mask.again"), handler(state.go, paths.CAMERA), "quiet"),
        state.viewport,
        left_handed=state.settings.chosen.left_handed,
    )
