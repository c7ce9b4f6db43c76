"""The card on home that offers a PIN for the app, after the first lead until it is answered."""

import flet as ft

from fieldapp.report.entry import Stage
from fieldapp.state import FieldState, paths
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import body


def pin_offer(state: FieldState, say: Speak) -> list[ft.Control]:
    done = any(entry.stage is not Stage.DRAFT for entry in state.reports.recent)
    if not done or state.settings.chosen.lock_offered or state.lock.pin or not state.kit.safe:
        return []
    yes = button(
        "pin-yes",
        say("lock.set"),
        handler(state.settings.answer_pin_offer, paths.LOCK),
        "quiet",
        theme.TOUCH,
    )
    no = button(
        "pin-no", say("lock.no"), handler(state.settings.answer_pin_offer, ""), "plain", theme.TOUCH
    )
    yes.expand = no.expand = True
    return [card([body(say("lock.offer")), ft.Row([no, yes], spacing=theme.GAP)], identifier="pin")]
