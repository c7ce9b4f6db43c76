"""The duty card: who this phone is to the bureau (a post, never a person), and tiles to the screens
that are seldom needed."""

import flet as ft

from fieldapp.screens.badges import notice
from fieldapp.screens.context import use_field_state
from fieldapp.state import FieldState, paths
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Tap, handler
from fieldapp.widgets.facts import fact
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import muted
from fieldapp.widgets.tiles import fitting_rows, icon_tile

TILES = {  # by the screen that a tile opens: its icon and its words
    paths.NOTICES: (ft.Icons.NOTIFICATIONS_OUTLINED, "notices.title"),
    paths.TASKS: (ft.Icons.ASSIGNMENT_OUTLINED, "tasks.title"),
    paths.LICENSED: (ft.Icons.VERIFIED_OUTLINED, "licensed.title"),
    paths.HELP: (ft.Icons.HELP_OUTLINE, "duty.help"),
    paths.SUGGEST: (ft.Icons.RATE_REVIEW_OUTLINED, "settings.suggest"),
    paths.DIAGNOSIS: (ft.Icons.TROUBLESHOOT, "duty.diagnosis"),
    paths.PRIVACY: (ft.Icons.PRIVACY_TIP_OUTLINED, "settings.privacy"),
    paths.ABOUT: (ft.Icons.INFO_OUTLINE, "settings.about"),
    paths.SETTINGS: (ft.Icons.SETTINGS_OUTLINED, "settings.title"),
}


@ft.component
def Duty() -> ft.View:
    state, say = use_field_state()
    tiles = [
        icon_tile(f"to-{path.rpartition('/')[2]}", icon, say(words), _opener(state, path))
        for path, (icon, words) in TILES.items()
    ]
    return page(
        head(say("duty.title"), None, handler(state.leave, paths.DUTY), say("back")),
        [*_card(state, say), *fitting_rows(tiles, state.viewport)],
        notice(state, say),
        viewport=state.viewport,
    )


def _opener(state: FieldState, path: str) -> Tap:
    if path == paths.SETTINGS:
        return handler(state.settings.open)
    return handler(state.bureau.visit, path)


def _card(state: FieldState, say: Speak) -> list[ft.Control]:
    who = state.identity
    if not who:
        return []
    lines = {
        "duty.post": who.author,
        "duty.grid": who.grid_name or who.grid or "",
        "duty.bureau": who.bureau_name or who.bureau,
        "duty.device": who.device,
    }
    rows = [fact(say(name), value) for name, value in lines.items() if value]
    return [card([*rows, muted(say("duty.nobody"))], identifier="duty-card")]
