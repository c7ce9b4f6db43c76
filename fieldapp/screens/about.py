"""What this is, and what it does with what it is told."""

import flet as ft

from fieldapp import __version__
from fieldapp.screens.here import here
from fieldapp.state import paths
from fieldapp.ui import theme
from fieldapp.widgets.buttons import then
from fieldapp.widgets.page import head, page
from fieldapp.widgets.text import body, quiet


@ft.component
def About() -> ft.View:
    state, say = here()
    return page(
        head(say("about.title"), None, then(state.go, paths.SETTINGS), say("back")),
        [
            body(say("about.1")),
            body(say("about.2")),
            quiet(say("about.version", version=__version__)),
        ],
        room=state.room,
    )


@ft.component
def Privacy() -> ft.View:
    state, say = here()
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
        head(say("privacy.title"), None, then(state.go, paths.SETTINGS), say("back")),
        lines,
        room=state.room,
    )
