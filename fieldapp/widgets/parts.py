"""Cards, chips, rows, sections and the step bar."""

from collections.abc import Sequence

import flet as ft

from fieldapp.ui import theme
from fieldapp.widgets.buttons import Tap
from fieldapp.widgets.text import announced, strong

STEPS = 4


def card(
    parts: Sequence[ft.Control],
    *,
    identifier: str = "",
    tap: Tap | None = None,
    outline: str = theme.LINE,
    edge: int = theme.OUTLINE,
) -> ft.Control:
    box = ft.Container(
        content=ft.Column(list(parts), spacing=6, tight=True),
        bgcolor=theme.SURFACE,
        border=ft.Border.all(edge, outline),
        border_radius=theme.RADIUS,
        padding=ft.Padding.symmetric(horizontal=16 - edge, vertical=14 - edge),
        on_click=tap,
    )
    if not identifier:
        return box
    # With a key: else, where a card is put before another, the client reuses the control of the old
    # one for the new one, and a web client then leaves it without words for a screen reader.
    return ft.Semantics(
        identifier=identifier, key=identifier, button=bool(tap), container=True, content=box
    )


def chip(icon: ft.IconData, words: str, colour: str, *, identifier: str = "") -> ft.Control:
    """A state: always icon, words and colour. With an `identifier` a screen reader says it when it
    changes."""
    box = ft.Container(
        content=ft.Row(
            [ft.Icon(icon, size=20, color=colour, apply_text_scaling=True), strong(words, colour)],
            spacing=4,
            tight=True,
            alignment=ft.MainAxisAlignment.CENTER,
        ),
        border=ft.Border.all(2, colour),
        border_radius=22,
        bgcolor=theme.SURFACE,
        padding=ft.Padding.symmetric(horizontal=11, vertical=4),
    )
    return announced(identifier, box) if identifier else box


def spread_row(left: ft.Control, right: ft.Control) -> ft.Row:
    """Two controls on one line; the left one takes the width that the right one leaves."""
    left.expand = True
    return ft.Row([left, right], spacing=8, vertical_alignment=ft.CrossAxisAlignment.CENTER)


def wrapping_row(left: ft.Control, right: ft.Control) -> ft.Row:
    """Two controls on one line where both fit, else one below the other."""
    return ft.Row(
        [left, right],
        wrap=True,
        spacing=8,
        run_spacing=4,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def section(words: str, rows: Sequence[ft.Control]) -> list[ft.Control]:
    return [strong(words), *rows] if rows else []


def step_bar(done: int) -> ft.Row:
    """How far one is in the steps of logging a report."""
    return ft.Row(
        [
            ft.Container(
                height=8,
                expand=True,
                border_radius=4,
                bgcolor=theme.PRIMARY if step < done else theme.SUNKEN,
                border=ft.Border.all(1, theme.PRIMARY if step < done else theme.LINE),
            )
            for step in range(STEPS)
        ],
        spacing=8,
    )


def flaw_line(identifier: str, words: str) -> ft.Control:
    """What is wrong, at the field it is about."""
    return ft.Semantics(
        identifier=identifier,
        live_region=True,
        content=ft.Row(
            [
                ft.Icon(
                    ft.Icons.PRIORITY_HIGH, size=22, color=theme.DANGER, apply_text_scaling=True
                ),
                strong(words, theme.DANGER),
            ],
            spacing=4,
            wrap=True,
        ),
    )
