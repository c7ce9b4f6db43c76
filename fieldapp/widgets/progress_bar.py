"""A progress bar, and the lines of icon and words that stand with it."""

from collections.abc import Sequence

import flet as ft

from fieldapp.ui import theme
from fieldapp.widgets.text import strong

HEIGHT = 12


def progress_bar(per_cent: int) -> ft.Control:
    """Without animation, which would show no progress and cost battery."""
    inside = ft.ProgressBar(
        value=per_cent / 100,
        bar_height=HEIGHT,
        color=theme.PRIMARY,
        bgcolor=theme.SUNKEN,
        border_radius=HEIGHT / 2,
    )
    return ft.Container(
        inside,
        border=ft.Border.all(theme.OUTLINE, theme.LINE),
        border_radius=HEIGHT / 2 + theme.OUTLINE,
        clip_behavior=ft.ClipBehavior.HARD_EDGE,
    )


def icon_line(icon: ft.IconData, words: str, colour: str) -> ft.Row:
    """Icon, words and colour in a line of text."""
    text = ft.Container(strong(words, colour), expand=True)
    return ft.Row(
        [
            ft.Container(
                ft.Icon(icon, size=24, color=colour, apply_text_scaling=True),
                margin=ft.Margin(top=1),
            ),
            text,
        ],
        spacing=6,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def stack(parts: Sequence[ft.Control], identifier: str) -> ft.Control:
    column = ft.Column(list(parts), spacing=6, tight=True)
    return ft.Semantics(identifier=identifier, container=True, content=column)
