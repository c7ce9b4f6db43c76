"""Tiles that answer by a code list: a picture and a word, what was used lately first."""

from collections.abc import Sequence

import flet as ft

from fieldapp.report.recent_answers import recent_first
from fieldapp.state import FieldState
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Tap
from fieldapp.widgets.pictograms import pictogram
from fieldapp.widgets.tiles import picture_tile


def offered(state: FieldState, name: str, group: str = "") -> Sequence[str]:
    return recent_first(state.lists.grouped(name, group), state.habits.get(name, ()))


def answer(
    state: FieldState, say: Speak, one: tuple[str, str], tap: Tap, *, chosen: bool
) -> ft.Semantics:
    """`one` is a list and a code of it."""
    name, code = one
    words, icon = state.lists.word(name, code, say("lang")), pictogram(name, code)
    return picture_tile(f"{name}-{code}", icon, words, tap, chosen=chosen)
