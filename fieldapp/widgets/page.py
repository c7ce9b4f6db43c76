"""The layout of every screen: a head with its title, a body that scrolls, actions below."""

from collections.abc import Sequence

import flet as ft

from fieldapp.ui import theme
from fieldapp.ui.viewport import Viewport
from fieldapp.widgets.buttons import BESIDE_WORDS, Tap, icon_button
from fieldapp.widgets.parts import wrapping_row
from fieldapp.widgets.text import heading, unbroken_width

WHOLE = ft.CrossAxisAlignment.STRETCH


def page(
    head: ft.Control,
    body: Sequence[ft.Control],
    actions: Sequence[ft.Control] = (),
    *,
    viewport: Viewport,
    above_actions: Sequence[ft.Control] = (),
) -> ft.View:
    """In a cramped viewport the head and `above_actions` scroll with the body, so that something of
    the body is seen."""
    if viewport.cramped:
        parts = [_scrolled([_top(head), _body([*body, *above_actions])]), *_bar(actions)]
    else:
        parts = [_top(head), _scrolled([_body(body)]), *_bar([*above_actions, *actions])]
    return ft.View(
        padding=0,
        spacing=0,
        bgcolor=theme.BG,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        controls=[ft.SafeArea(content=_frame(parts, viewport), expand=True)],
    )


def _frame(parts: list[ft.Control], viewport: Viewport) -> ft.Control:
    return ft.Column(
        parts,
        spacing=0,
        expand=True,
        width=viewport.column,
        horizontal_alignment=WHOLE,
    )


def _top(head: ft.Control) -> ft.Control:
    return ft.Container(head, padding=ft.Padding(theme.EDGE, 14, theme.EDGE, 8))


def head(
    words: str,
    chip: ft.Control | None = None,
    back: Tap | None = None,
    label: str = "",
    live: bool = False,
) -> ft.Control:
    """The title, with a back button where `back` is given; in large text the chip goes below it.
    A screen reader says a `live` title when it changes."""
    name = heading(words, live)
    said = wrapping_row(name, chip) if chip else ft.Row([name], wrap=True)
    said.expand = True
    if not back:
        return ft.Row([said])
    arrow = icon_button("back", ft.Icons.ARROW_BACK_IOS_NEW, label, back)
    if isinstance(arrow.content, ft.Container):
        arrow.content.bgcolor = None  # an arrow in this corner needs no ground to be known
    return ft.Row([ft.Container(arrow, margin=ft.Margin(left=-14)), said], spacing=4)


def side_by_side(
    main: ft.Control, other: ft.Control, viewport: Viewport, *, left_handed: bool
) -> ft.Control:
    """Two actions; the main one on the side of the worker's thumb, or below the other where a word
    would be broken side by side."""
    words = [action.data or "" for action in (main, other)]
    room = (viewport.column - 2 * theme.EDGE - theme.GAP) / 2 - BESIDE_WORDS
    if unbroken_width(words, theme.BUTTON, viewport.text_scale) > room:
        return ft.Column([other, main], spacing=theme.GAP, tight=True, horizontal_alignment=WHOLE)
    pair = [main, other] if left_handed else [other, main]
    for action in pair:
        action.expand = True
    return ft.Row(
        pair,
        spacing=theme.GAP,
        intrinsic_height=True,
        vertical_alignment=WHOLE,
    )


def _scrolled(parts: list[ft.Control]) -> ft.Control:
    return ft.Column(parts, expand=True, scroll=ft.ScrollMode.AUTO, spacing=0)


def _body(body: Sequence[ft.Control]) -> ft.Control:
    return ft.Container(
        ft.Column(list(body), spacing=theme.GAP, horizontal_alignment=WHOLE),
        padding=ft.Padding(theme.EDGE, 6, theme.EDGE, 16),
    )


def _bar(actions: Sequence[ft.Control]) -> list[ft.Control]:
    if not actions:
        return []
    column = ft.Column(
        list(actions),
        spacing=theme.GAP,
        tight=True,
        horizontal_alignment=WHOLE,
    )
    return [ft.Container(column, padding=ft.Padding(theme.EDGE, 10, theme.EDGE, 16))]
