"""What every screen begins with: the state, and the words in the worker's language."""

from typing import Any

import flet as ft

from fieldapp.state import FieldState
from fieldapp.ui.words import Speak, speaker

Ground: Any = ft.create_context(None)


def here() -> tuple[FieldState, Speak]:
    state: FieldState = ft.use_context(Ground)
    return state, speaker(state.settings.language)
