"""How a screen gets the state and the words in the worker's language."""

from typing import Any

import flet as ft

from fieldapp.state import FieldState
from fieldapp.ui.words import Speak, speaker

FieldContext: Any = ft.create_context(None)


def use_field_state() -> tuple[FieldState, Speak]:
    """A hook: the component that calls it is rendered at each change of the state."""
    state: FieldState = ft.use_context(FieldContext)
    return state, speaker(state.settings.chosen.language)
