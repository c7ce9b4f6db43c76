"""Big tiles, an answer each, and rows of them."""

from collections.abc import Sequence

import flet as ft

from fieldapp.ui import theme
from fieldapp.ui.viewport import Viewport
from fieldapp.widgets.buttons import Tap, label, least_height, pressable
from fieldapp.widgets.text import unbroken_width

MARGIN = 5  # between a tile's edge and its words


def tile(
    identifier: str,
    words: str,
    tap: Tap,
    *,
    chosen: bool | None = None,
    height: int = theme.PRIMARY_TOUCH,
) -> ft.Semantics:
    """One answer. Chosen is shown by a tick and by filling the tile; None is for a tile that opens
    something and cannot be chosen."""
    content = _word(words, chosen)
    return _with_words(words, _tile(identifier, content, tap, chosen=chosen, height=height))


def icon_tile(
    identifier: str, icon: ft.IconData, words: str, tap: Tap, *, chosen: bool | None = None
) -> ft.Semantics:
    """One answer with a pictogram above its words."""
    word = _word(words, chosen)
    content = ft.Column(
        [ft.Icon(icon, size=26, color=word.color, apply_text_scaling=True), word],
        spacing=2,
        tight=True,
        alignment=ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return _with_words(words, _tile(identifier, content, tap, chosen=chosen))


def fitting_rows(
    tiles: Sequence[ft.Control], viewport: Viewport, most: int = 3
) -> list[ft.Control]:
    """Rows of as many tiles as fit without breaking a word, at most `most`."""
    words = unbroken_width([tile.data for tile in tiles], theme.BODY, viewport.text_scale)
    needed = words + 2 * MARGIN + theme.GAP
    row = viewport.column - 2 * theme.EDGE + theme.GAP
    return tile_rows(tiles, max(1, min(most, viewport.across, int(row / needed))))


def tile_rows(tiles: Sequence[ft.Control], width: int = 3) -> list[ft.Control]:
    """Rows of `width` tiles; a shorter last row keeps their size."""
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
    ink = theme.ON_PRIMARY if chosen else theme.INK
    return label(f"✓ {words}" if chosen else words, theme.BODY, ink, bold=bool(chosen))


def _with_words(words: str, made: ft.Semantics) -> ft.Semantics:
    """`data` is not sent to the client: `fitting_rows` reads the words there."""
    made.data = words
    return made


def _tile(
    identifier: str,
    content: ft.Control,
    tap: Tap,
    *,
    chosen: bool | None,
    height: int = theme.PRIMARY_TOUCH,
) -> ft.Semantics:
    content.expand = True
    edge = theme.CHOSEN if chosen else theme.OUTLINE
    box = ft.Container(
        content=ft.Row([least_height(height - 14), content], spacing=0),
        bgcolor=theme.PRIMARY if chosen else theme.BG,
        border=ft.Border.all(edge, theme.PRIMARY if chosen else theme.LINE),
        border_radius=theme.RADIUS,
        padding=ft.Padding.symmetric(horizontal=MARGIN - edge, vertical=MARGIN + 2 - edge),
        on_click=tap,
    )
    return pressable(identifier, box, selected=chosen)
