"""Cards that warn of what would spoil the patrol later, each with what to do about it."""

import flet as ft

from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import muted, strong

ICONS = {
    "send_first": ft.Icons.CLOUD_UPLOAD,
    "storage_lent": ft.Icons.SD_CARD_ALERT,
    "room_low": ft.Icons.SD_CARD_ALERT,
    "clock_wrong": ft.Icons.ACCESS_TIME,
    "clock_impossible": ft.Icons.ACCESS_TIME,
    "battery_low": ft.Icons.BATTERY_ALERT,
}


def warning_cards(state: FieldState, say: Speak) -> list[ft.Control]:
    flaw = state.sync.clock_flaw()
    codes = dict.fromkeys([*([flaw] if flaw else ()), *state.sync.warnings])
    return [warning_card(code, say, n=state.sync.unsent()) for code in codes]


def warning_card(code: str, say: Speak, **gaps: object) -> ft.Control:
    words = ft.Container(strong(say(f"why.{code}", **gaps), theme.WARN), expand=True)
    line = ft.Row([ft.Icon(ICONS[code], color=theme.WARN, size=24), words], spacing=6)
    return card([line, muted(say(f"next.{code}"))], identifier=f"worry-{code}")
