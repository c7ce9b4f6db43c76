"""The tile that repeats the place of the last report: one tap instead of three."""

import flet as ft

from contract.report import Kind
from fieldapp.state import FieldState
from fieldapp.state.patrol_route import last_place
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import handler
from fieldapp.widgets.reports import place_line
from fieldapp.widgets.tiles import icon_tile


def same_place_tile(state: FieldState, say: Speak) -> list[ft.Control]:
    """[] once this report has a building of its own."""
    report = state.draft.entry.report if state.draft.entry else None
    place = last_place(state.patrol.logged)
    if not report or not place or report.kind is Kind.CLEAR or report.place.building:
        return []
    words = say("place.same", place=place_line(place, say))
    return [icon_tile("same-place", ft.Icons.HISTORY, words, handler(state.place.repeat_last))]
