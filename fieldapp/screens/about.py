"""The screens about the app and about privacy."""

import flet as ft

from fieldapp import __version__
from fieldapp.screens.context import use_field_state
from fieldapp.state import paths
from fieldapp.ui import theme
from fieldapp.widgets.buttons import handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.text import body, muted


@ft.component
def About() -> ft.View:
    state, say = use_field_state()
    return page(
        head(say("about.title"), None, handler(state.go, paths.SETTINGS), say("back")),
        [
            body(say("about.1")),
            body(say("about.2")),
            muted(say("about.version", version=__version__)),
        ],
        viewport=state.viewport,
    )


@ft.component
def Privacy() -> ft.View:
    state, say = use_field_state()
    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(ft.Icons.CHECK, size=24, color=theme.OK, apply_text_scaling=True),
                ft.Container(body(say(f"privacy.{n}")), expand=True),
            ],
            spacing=8,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        for n in range(1, 6)
    ]
    return page(
        head(say("privacy.title"), None, handler(state.go, paths.SETTINGS), say("back")),
        lines,
        viewport=state.viewport,
    )
