"""The settings: tiles, for a glove cannot hit a switch."""

from typing import Any

import flet as ft

from fieldapp.screens.badges import notice
from fieldapp.screens.context import use_field_state
from fieldapp.state import FieldState, paths
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import row, rows_card, section
from fieldapp.widgets.text import muted, named, strong
from fieldapp.widgets.tiles import fitting_rows, tile

CHOICES: dict[str, tuple[str, dict[str, Any]]] = {  # setting: its words, then value by words
    "language": ("settings.language", {"settings.zh": "zh", "settings.en": "en"}),
    "theme": (
        "settings.light",
        {"settings.system": "system", "settings.bright": "light", "settings.dark": "dark"},
    ),
    "left_handed": ("settings.hand", {"settings.left": True, "settings.right": False}),
    "strip": ("settings.strip", {"settings.strip_off": False, "settings.strip_on": True}),
    "wifi_only": ("settings.photos", {"settings.any": False, "settings.wifi": True}),
}


@ft.component
def Settings() -> ft.View:
    state, say = use_field_state()
    choices = [part for name in CHOICES for part in _choice(state, say, name)]
    return page(
        head(say("settings.title"), None, handler(state.leave, paths.SETTINGS), say("back")),
        [*choices, *_facts(state, say)],
        [
            *notice(state, say),
            button("suggest", say("settings.suggest"), handler(state.go, paths.SUGGEST), "quiet"),
        ],
        viewport=state.viewport,
    )


def _facts(state: FieldState, say: Speak) -> list[ft.Control]:
    device = state.identity.device if state.identity else "–"
    pages = {
        "lock": paths.LOCK,
        "posts": paths.POSTS,
        "privacy": paths.PRIVACY,
        "about": paths.ABOUT,
    }
    rows = [
        row([strong(say(f"settings.{name}"))], name, handler(state.go, path))
        for name, path in pages.items()
    ]
    return [
        rows_card(rows),
        named(
            "used",
            muted(say("settings.storage", mb=f"{state.settings.album_bytes / 1_000_000:.1f}")),
        ),
        muted(say("settings.device", device=device)),
        button("sos", say("sos.open"), handler(state.alarm.open), "danger", height=theme.TOUCH),
    ]


def _choice(state: FieldState, say: Speak, name: str) -> list[ft.Control]:
    words, values = CHOICES[name]
    held = getattr(state.settings.chosen, name)
    tiles = [
        tile(
            f"{name}-{str(value).lower()}",
            say(code),
            handler(_setter(state, name, value)),
            chosen=held == value,
        )
        for code, value in values.items()
    ]
    return section(say(words), fitting_rows(tiles, state.viewport, len(tiles)))


def _setter(state: FieldState, name: str, value: Any) -> Any:
    async def change() -> None:
        await state.settings.change(**{name: value})

    return change
