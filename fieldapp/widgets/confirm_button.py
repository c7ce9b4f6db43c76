"""A button that is pressed twice."""

import flet as ft

from fieldapp.ui import theme
from fieldapp.widgets.buttons import Tap, button


def confirm_button(
    identifier: str, words: tuple[str, str], tap: Tap, ask: Tap | None, height: int = theme.TOUCH
) -> ft.Semantics:
    """For what cannot be taken back: the first tap asks, which the second of `words` says, and the
    second does it. `ask` is None once it was asked."""
    if ask:
        return button(identifier, words[0], ask, "quiet", height)
    asking = button(identifier, words[1], tap, "danger", height)
    asking.live_region = True
    return asking
