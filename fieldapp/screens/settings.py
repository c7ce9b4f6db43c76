"""Settings: tiles, never switches that a glove cannot hit."""

from typing import Any

import flet as ft

from fieldapp.screens.badges import notice
from fieldapp.screens.here import here
from fieldapp.state import FieldState, paths
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import section
from fieldapp.widgets.text import named, quiet
from fieldapp.widgets.tiles import fitting, tile

CHOICES: dict[str, tuple[str, dict[str, Any]]] = {  # setting: its words, then words and values
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
    state, say = here()
    choices = [part for name in CHOICES for part in _choice(state, say, name)]
    return page(
        head(say("settings.title"), None, then(state.home), say("back")),
        [*choices, *_facts(state, say)],
        [
            *notice(state, say),
            button("suggest", say("settings.suggest"), then(state.go, paths.SUGGEST), "quiet"),
        ],
        room=state.room,
    )


def _facts(state: FieldState, say: Speak) -> list[ft.Control]:
    device = state.identity.device if state.identity else "–"
    pages: list[ft.Control] = [
        tile("privacy", say("settings.privacy"), then(state.go, paths.PRIVACY)),
        tile("about", say("settings.about"), then(state.go, paths.ABOUT)),
        tile("lock", say("settings.lock"), then(state.go, paths.LOCK)),
    ]
    return [
        *fitting(pages, state.room),
        named("used", quiet(say("settings.storage", mb=f"{state.used / 1_000_000:.1f}"))),
        quiet(say("settings.device", device=device)),
        button("sos", say("sos.open"), then(state.sos), "danger", height=theme.TOUCH),
    ]


def _choice(state: FieldState, say: Speak, name: str) -> list[ft.Control]:
    words, values = CHOICES[name]
    held = getattr(state.settings, name)
    tiles = [
        tile(
            f"{name}-{str(value).lower()}",
            say(code),
            then(_setter(state, name, value)),
            chosen=held == value,
        )
        for code, value in values.items()
    ]
    return section(say(words), fitting(tiles, state.room, len(tiles)))


def _setter(state: FieldState, name: str, value: Any) -> Any:
    async def change() -> None:
        await state.set(**{name: value})

    return change
