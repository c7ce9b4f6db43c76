"""Offered once, on home: a PIN for the app. Whoever does not want one says so once."""

import flet as ft

from fieldapp.state import FieldState, paths
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import body


def offer(state: FieldState, say: Speak) -> list[ft.Control]:
    if state.settings.lock_offered or state.lock.pin or not state.kit.safe:
        return []
    yes = button("pin-yes", say("lock.set"), then(state.offered, paths.LOCK), "quiet", theme.TOUCH)
    no = button("pin-no", say("lock.no"), then(state.offered, ""), "plain", theme.TOUCH)
    yes.expand = no.expand = True
    return [card([body(say("lock.offer")), ft.Row([no, yes], spacing=theme.GAP)], identifier="pin")]
