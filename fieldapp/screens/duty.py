"""The duty card: who this phone is to the bureau, and the way to everything that is seldom needed.
A post, never a person."""

import flet as ft

from fieldapp.screens.badges import notice
from fieldapp.screens.here import here
from fieldapp.state import FieldState, paths
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import then
from fieldapp.widgets.facts import fact
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import quiet
from fieldapp.widgets.tiles import fitting, picture_tile

WAYS = {  # where a tile leads, what it shows and says
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
    state, say = here()
    tiles = [
        picture_tile(f"to-{path.rpartition('/')[2]}", icon, say(words), then(state.visit, path))
        for path, (icon, words) in WAYS.items()
    ]
    return page(
        head(say("duty.title"), None, then(state.home), say("back")),
        [*_card(state, say), *fitting(tiles, state.room)],
        notice(state, say),
        room=state.room,
    )


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
    return [card([*rows, quiet(say("duty.nobody"))], identifier="duty-card")]
