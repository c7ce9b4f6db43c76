"""Asks before the seal whether the compound is right where the fix is far from it, and no more."""

import flet as ft

from contract.far_fix import far_fix
from fieldapp.state import FieldState
from fieldapp.state.nearby import compounds_of
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.parts import card
from fieldapp.widgets.progress_bar import icon_line


def far_card(state: FieldState, say: Speak) -> list[ft.Control]:
    """[] if nothing speaks against the chosen compound."""
    report = state.draft.entry.report if state.draft.entry else None
    chosen = report.place.compound if report else None
    for compound in compounds_of(state.bureau.places, [chosen] if chosen else []):
        far = far_fix(report.fix if report else None, compound.lat, compound.lon)
        if far:
            away = say("far.km", km=far.km) if far.km is not None else say("far.m", m=far.metres)
            line = icon_line(ft.Icons.WRONG_LOCATION, say("far.sure", away=away), theme.WARN)
            return [card([line], identifier="far", tone=theme.WARN)]
    return []
