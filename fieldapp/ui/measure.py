"""Measures the window and the system's text size."""

from collections.abc import Callable

import flet as ft

from fieldapp.ui.viewport import MOST_PIXELS, Viewport, is_size

RULER = 20  # logical pixels


def viewport_of(page: ft.Page, usual: Viewport) -> Viewport:
    return Viewport(page.width or usual.width, page.height or usual.height)


def text_scale_probe(on_scale: Callable[[float], None]) -> ft.Container:
    """An invisible letter: its height tells the system's text size; `on_scale` gets that."""

    def measured(event: ft.LayoutSizeChangeEvent[ft.LayoutControl]) -> None:
        if is_size(event.height, MOST_PIXELS):
            on_scale(round(event.height / RULER, 2))

    letter = ft.Text("0", style=ft.TextStyle(size=RULER, height=1))
    return ft.Container(letter, opacity=0, ignore_interactions=True, on_size_change=measured)
