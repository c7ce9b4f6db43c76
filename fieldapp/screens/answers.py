"""Tiles for the codes of a code list: a pictogram and a word, the common ones first."""

from collections.abc import Sequence

import flet as ft

from contract.codelists import built_in
from fieldapp.report.recent_answers import recent_first
from fieldapp.state import FieldState
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Tap
from fieldapp.widgets.pictograms import pictogram
from fieldapp.widgets.tiles import icon_tile


def offered_codes(state: FieldState, name: str, group: str = "") -> Sequence[str]:
    """In the bureau's order where it has sent lists of its own, else what was used lately first."""
    codes = state.bureau.lists.grouped(name, group)
    if state.bureau.lists.version != built_in().version:
        return codes
    return recent_first(codes, state.draft.recent_codes.get(name, ()))


def answer_tile(
    state: FieldState, say: Speak, one: tuple[str, str], tap: Tap, *, chosen: bool
) -> ft.Semantics:
    """`one` is the name of a code list and a code of it."""
    name, code = one
    words, icon = state.bureau.lists.word(name, code, say("lang")), pictogram(name, code)
    return icon_tile(f"{name}-{code}", icon, words, tap, chosen=chosen)
