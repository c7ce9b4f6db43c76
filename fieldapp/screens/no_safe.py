"""Shown when the phone's own key store does not answer: nothing is opened or lost; retry."""

from collections.abc import Callable
from typing import Any

import flet as ft

from fieldapp.ui import theme
from fieldapp.ui.viewport import Viewport
from fieldapp.ui.words import LANGUAGES, Speak, speaker
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.text import body, named, strong


@ft.component
def NoSafe(retry: Callable[[], Any], viewport: Viewport) -> list[ft.View]:
    """In both languages: before the notebook is open, nobody knows the worker's."""
    both = [speaker(language) for language in LANGUAGES]
    again = " · ".join(say("camera.retry") for say in both)
    return [
        page(
            head(both[0]("app.name")),
            [named("shut", ft.Column([part for say in both for part in _explanation(say)]))],
            [button("retry", again, handler(retry))],
            viewport=viewport,
        )
    ]


def _explanation(say: Speak) -> list[ft.Control]:
    return [strong(say("why.safe_shut"), theme.DANGER), body(say("shut.lead"))]
