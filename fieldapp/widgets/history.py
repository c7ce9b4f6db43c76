"""The story of a report as a timeline, the newest on top: the bureau's words in a tinted bubble."""

from collections.abc import Sequence
from dataclasses import dataclass

import flet as ft

from fieldapp.ui import theme
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import body, muted, strong

DOT = 14


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """`why` is what the bureau said; `done` is False for what is still awaited."""

    what: str
    when: str
    why: str = ""
    done: bool = True
    colour: str = theme.INK


def history(lines: Sequence[HistoryLine], progress: Sequence[ft.Control] = ()) -> ft.Control:
    """`lines` oldest first; `progress` stands on top, for what is being sent now."""
    rows = [_row(line, n == 0) for n, line in enumerate(lines)]
    return card([*progress, *reversed(rows)], identifier="story")


def _row(line: HistoryLine, first: bool) -> ft.Control:
    icon = ft.Icons.CIRCLE if line.done else ft.Icons.CIRCLE_OUTLINED
    dot = ft.Icon(icon, size=DOT, color=theme.PRIMARY, apply_text_scaling=True)
    thread = ft.Container(width=2, bgcolor=theme.CLEAR if first else theme.SUNKEN, expand=True)
    rail = ft.Column(
        [ft.Container(height=5), dot, thread],
        spacing=2,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    words: list[ft.Control] = [strong(line.what, line.colour)]
    words += [muted(line.when)] if line.when else []
    words += [_bubble(line)] if line.why else []
    column = ft.Column(
        words, spacing=2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    box = ft.Container(column, expand=True, padding=ft.Padding(bottom=0 if first else 12))
    return ft.Row(
        [rail, box],
        spacing=12,
        intrinsic_height=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _bubble(line: HistoryLine) -> ft.Control:
    return ft.Container(
        body(line.why),
        bgcolor=theme.TINTS.get(line.colour, theme.SUNKEN),
        border_radius=10,
        padding=ft.Padding.symmetric(horizontal=12, vertical=8),
        margin=ft.Margin(top=4),
    )
