"""A button that has to be pressed twice, for what cannot be taken back."""

import flet as ft

from fieldapp.ui import theme
from fieldapp.widgets.buttons import Tap, button


def confirm_button(
    identifier: str, words: tuple[str, str], tap: Tap, ask: Tap | None, height: int = theme.TOUCH
) -> ft.Semantics:
    """Shows the first of `words` and calls `ask`; once `ask` is None, shows the second, the
    question, and calls `tap`."""
    if ask:
        return button(identifier, words[0], ask, "quiet", height)
    asking = button(identifier, words[1], tap, "danger", height)
    asking.live_region = True
    return asking
