"""The step bar of the form, which says what is logged unless it is a lead as most are."""

import flet as ft

from contract.report import Kind
from fieldapp.state import FieldState
from fieldapp.ui.words import Speak
from fieldapp.widgets.parts import STEPS, step_bar


def steps(state: FieldState, say: Speak, done: int) -> ft.Control:
    """How far the draft is; "nothing seen" has one step."""
    kind = state.draft.entry.report.kind if state.draft.entry else Kind.SITE
    if kind is Kind.SITE:
        return step_bar(done)
    words = state.bureau.lists.word("obs_type", kind.value, say("lang"))
    return step_bar(done, 1 if kind is Kind.CLEAR else STEPS, words)
