"""Tiles that answer by a code list: a picture and a word, what was used lately first."""

from collections.abc import Sequence

import flet as ft

from fieldapp.report.recent_answers import by_use
from fieldapp.state import FieldState
from fieldapp.ui.words import Speak
from fieldapp.widgets.pictograms import pictogram
from fieldapp.widgets.press import Tap
from fieldapp.widgets.tiles import picture_tile


def offered(state: FieldState, name: str, group: str = "") -> Sequence[str]:
    return by_use(state.lists.grouped(name, group), state.habits.get(name, ()))


def answer(
    state: FieldState, say: Speak, one: tuple[str, str], tap: Tap, *, chosen: bool
) -> ft.Semantics:
    """`one` is a list and a code of it."""
    name, code = one
    words, icon = state.lists.word(name, code, say("lang")), pictogram(name, code)
    return picture_tile(f"{name}-{code}", icon, words, tap, chosen=chosen)
