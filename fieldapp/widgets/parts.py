"""Cards, chips, rows, sections and the step bar."""

from collections.abc import Sequence

import flet as ft

from fieldapp.ui import theme
from fieldapp.widgets.buttons import Tap, least_height
from fieldapp.widgets.text import announced, strong

STEPS = 4


def card(
    parts: Sequence[ft.Control],
    *,
    identifier: str = "",
    tap: Tap | None = None,
    tone: str = theme.SURFACE,
) -> ft.Control:
    """A filled surface without outline; one that can be tapped ends in ›. `tone` is the colour of a
    state, on whose tint the card stands."""
    return _named(identifier, tap, _ground([_opening(parts, tap)], tone, tap))


def rows_card(rows: Sequence[ft.Control], identifier: str = "") -> ft.Control:
    """Rows on one surface, divided by hairlines; the room around a hairline keeps two rows from
    being hit at once."""
    lined = [part for row in rows for part in (_hairline(), row)][1:]
    return _named(identifier, None, _ground(lined, theme.SURFACE, None))


def row(parts: Sequence[ft.Control], identifier: str, tap: Tap) -> ft.Control:
    """A row of `rows_card` that can be tapped."""
    box = ft.Container(
        ft.Row([least_height(theme.TOUCH), _opening(parts, tap)], spacing=0),
        border_radius=theme.RADIUS,
        on_click=tap,
    )
    return _named(identifier, tap, box)


def _opening(parts: Sequence[ft.Control], tap: Tap | None) -> ft.Control:
    column = ft.Column(
        list(parts),
        spacing=6,
        tight=True,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    chevron = [ft.Icon(ft.Icons.CHEVRON_RIGHT, size=26, color=theme.PRIMARY)] if tap else []
    return ft.Row([column, *chevron], spacing=4, expand=True)


def _ground(parts: Sequence[ft.Control], tone: str, tap: Tap | None) -> ft.Container:
    return ft.Container(
        content=ft.Column(list(parts), spacing=0, tight=True),
        bgcolor=theme.TINTS[tone],
        border_radius=theme.CARD_RADIUS,
        padding=ft.Padding.symmetric(horizontal=16, vertical=14),
        on_click=tap,
    )


def _hairline() -> ft.Control:
    return ft.Divider(height=theme.GAP + 1, thickness=1, color=theme.SUNKEN)


def _named(identifier: str, tap: Tap | None, box: ft.Control) -> ft.Control:
    if not identifier:
        return box
    # With a key: else, where a card is put before another, the client reuses the control of the old
    # one for the new one, and a web client then leaves it without words for a screen reader.
    return ft.Semantics(
        identifier=identifier, key=identifier, button=bool(tap), container=True, content=box
    )


def chip(icon: ft.IconData, words: str, colour: str, *, identifier: str = "") -> ft.Control:
    """A state: always icon, words and colour, on its tint. With an `identifier` a screen reader
    says it when it changes."""
    box = ft.Container(
        content=ft.Row(
            [ft.Icon(icon, size=20, color=colour, apply_text_scaling=True), strong(words, colour)],
            spacing=4,
            tight=True,
            alignment=ft.MainAxisAlignment.CENTER,
        ),
        border_radius=22,
        bgcolor=theme.TINTS[colour],
        padding=ft.Padding.symmetric(horizontal=12, vertical=4),
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


def step_bar(done: int, steps: int = STEPS, words: str = "") -> ft.Control:
    """How far one is in the steps of logging a report; `words` say of what kind."""
    bar = _bars(done, steps)
    return spread_row(bar, strong(words, theme.PRIMARY)) if words else bar


def _bars(done: int, steps: int) -> ft.Row:
    return ft.Row(
        [
            ft.Container(
                height=8,
                expand=True,
                border_radius=4,
                bgcolor=theme.PRIMARY if step < done else theme.SUNKEN,
                border=ft.Border.all(1, theme.PRIMARY if step < done else theme.LINE),
            )
            for step in range(steps)
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
