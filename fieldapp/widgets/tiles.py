"""Big tiles, an answer each, and rows of them."""

import re
from collections.abc import Sequence

import flet as ft

from fieldapp.ui import theme
from fieldapp.ui.viewport import Viewport
from fieldapp.widgets.buttons import Tap, lettering, pressed, strut

MARGIN = 5  # between a tile's edge and its words
UNBROKEN = re.compile(r"[a-z]+", re.I)  # Chinese goes on in a second line anywhere
LETTER = 0.6 * theme.BODY  # as wide as bold English letters are, one with another


def tile(
    identifier: str,
    words: str,
    tap: Tap,
    *,
    chosen: bool | None = None,
    height: int = theme.PRIMARY_TOUCH,
) -> ft.Semantics:
    """One answer. Chosen is shown by a tick, a thick outline and a sunken ground; None is for a
    tile that leads somewhere and cannot be chosen."""
    face = _word(words, chosen)
    return _saying(words, _tile(identifier, face, tap, chosen=chosen, height=height))


def picture_tile(
    identifier: str, icon: ft.IconData, words: str, tap: Tap, *, chosen: bool | None = None
) -> ft.Semantics:
    """One answer that is found by its picture, and read below it."""
    word = _word(words, chosen)
    face = ft.Column(
        [ft.Icon(icon, size=26, color=word.color, apply_text_scaling=True), word],
        spacing=2,
        tight=True,
        alignment=ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return _saying(words, _tile(identifier, face, tap, chosen=chosen))


def fitting(tiles: Sequence[ft.Control], room: Viewport, most: int = 3) -> list[ft.Control]:
    """Rows of as many tiles as break no word within, and of `most`."""
    longest = max((len(run) for tile in tiles for run in UNBROKEN.findall(tile.data)), default=0)
    needed = longest * LETTER * room.letters + 2 * MARGIN + theme.GAP
    row = room.column - 2 * theme.EDGE + theme.GAP
    return threes(tiles, max(1, min(most, room.across, int(row / needed))))


def threes(tiles: Sequence[ft.Control], width: int = 3) -> list[ft.Control]:
    """Big tiles in rows; a short last row keeps the size of the others."""
    rows: list[ft.Control] = []
    for start in range(0, len(tiles), width):
        row = list(tiles[start : start + width])
        row += [ft.Container() for _ in range(width - len(row))]
        for tile in row:
            tile.expand = True
        rows.append(
            ft.Row(
                row,
                spacing=theme.GAP,
                intrinsic_height=True,
                vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            )
        )
    return rows


def _word(words: str, chosen: bool | None) -> ft.Text:
    ink = theme.PRIMARY if chosen else theme.INK
    return lettering(f"✓ {words}" if chosen else words, theme.BODY, ink, bold=bool(chosen))


def _saying(words: str, made: ft.Semantics) -> ft.Semantics:
    """`data` never leaves the program: by it rows of tiles are laid out."""
    made.data = words
    return made


def _tile(
    identifier: str,
    face: ft.Control,
    tap: Tap,
    *,
    chosen: bool | None,
    height: int = theme.PRIMARY_TOUCH,
) -> ft.Semantics:
    face.expand = True
    edge = theme.CHOSEN if chosen else theme.OUTLINE
    box = ft.Container(
        content=ft.Row([strut(height - 14), face], spacing=0),
        bgcolor=theme.SUNKEN if chosen else theme.SURFACE,
        border=ft.Border.all(edge, theme.PRIMARY if chosen else theme.LINE),
        border_radius=theme.RADIUS,
        padding=ft.Padding.symmetric(horizontal=MARGIN - edge, vertical=MARGIN + 2 - edge),
        on_click=tap,
    )
    return pressed(identifier, box, selected=chosen)
