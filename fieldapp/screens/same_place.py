"""A second report of one place: one tap instead of three."""

import flet as ft

from contract.report import Kind
from fieldapp.state import FieldState
from fieldapp.state.patrol_route import last_place
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import then
from fieldapp.widgets.reports import place_line
from fieldapp.widgets.tiles import picture_tile


def same_place(state: FieldState, say: Speak) -> list[ft.Control]:
    """Offered until this report has a door of its own."""
    report = state.draft.report if state.draft else None
    place = last_place(state.logged)
    if not report or not place or report.kind is Kind.CLEAR or report.place.building:
        return []
    words = say("place.same", place=place_line(place, say))
    return [picture_tile("same-place", ft.Icons.HISTORY, words, then(state.same_place))]
