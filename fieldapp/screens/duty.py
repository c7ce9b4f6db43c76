"""The duty card: who this phone is to the bureau, and the way to everything that is seldom needed.
A post, never a person."""

import flet as ft

from fieldapp.screens.badges import notice
from fieldapp.screens.here import here
from fieldapp.state import FieldState, paths
from fieldapp.widgets.facts import fact
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card
from fieldapp.widgets.press import then
from fieldapp.widgets.text import quiet
from fieldapp.widgets.tiles import threes, tile
from fieldapp.words import Speak

WAYS = {  # what a tile says, and where it leads
    "notices.title": paths.NOTICES,
    "tasks.title": paths.TASKS,
    "licensed.title": paths.LICENSED,
    "duty.help": paths.HELP,
    "settings.suggest": paths.SUGGEST,
    "duty.diagnosis": paths.DIAGNOSIS,
    "settings.privacy": paths.PRIVACY,
    "settings.about": paths.ABOUT,
    "settings.title": paths.SETTINGS,
}


@ft.component
def Duty() -> ft.View:
    state, say = here()
    tiles = [
        tile(f"to-{path.rpartition('/')[2]}", say(words), then(state.visit, path))
        for words, path in WAYS.items()
    ]
    return page(
        head(say("duty.title"), None, then(state.home), say("back")),
        [*_card(state, say), *threes(tiles, 2)],
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
