"""The history of a report as a column of dots: filled is done, hollow is still to come."""

from collections.abc import Sequence
from dataclasses import dataclass

import flet as ft

from fieldapp.ui import theme
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import body, muted, strong


@dataclass(frozen=True, slots=True)
class HistoryLine:
    what: str
    when: str
    why: str = ""
    done: bool = True
    colour: str = theme.INK


def history(lines: Sequence[HistoryLine], progress: Sequence[ft.Control] = ()) -> ft.Control:
    """`progress` stands below the last line, for what is being sent now."""
    last = len(lines) - 1
    rows = [_row(line, n == last) for n, line in enumerate(lines)]
    return card([*rows, *progress], identifier="story")


def _row(line: HistoryLine, last: bool) -> ft.Control:
    icon = ft.Icons.CIRCLE if line.done else ft.Icons.CIRCLE_OUTLINED
    dot = ft.Container(
        ft.Icon(icon, size=12, color=theme.PRIMARY, apply_text_scaling=True),
        margin=ft.Margin(top=6),
    )
    words: list[ft.Control] = [strong(line.what, line.colour)]
    words += [muted(line.when)] if line.when else []
    words += [body(line.why)] if line.why else []
    column = ft.Column(words, spacing=0, tight=True, expand=True)
    box = ft.Container(column, expand=True, padding=ft.Padding(bottom=0 if last else 10))
    return ft.Row([dot, box], spacing=12, vertical_alignment=ft.CrossAxisAlignment.START)
