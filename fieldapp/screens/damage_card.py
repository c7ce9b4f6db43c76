"""Tells that the phone's records were damaged, how many were saved, and what to do now."""

import flet as ft

from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import body, muted, strong


def damage_card(state: FieldState, say: Speak) -> list[ft.Control]:
    """[] if nothing was damaged, or if the worker has read it."""
    damage = state.damage.damage
    if not damage:
        return []
    saved = say("damage.saved", n=damage.reports) if damage.reports else say("damage.none_saved")
    return [
        card(
            [
                strong(say("damage.title"), theme.DANGER),
                strong(saved),
                body(say("damage.next")),
                muted(say("damage.file", file=damage.file)),
                button("damage-read", say("damage.read"), handler(state.damage.confirm), "quiet"),
            ],
            identifier="damage",
            tone=theme.DANGER,
        )
    ]
