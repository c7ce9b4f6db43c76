"""The phone's own safe does not answer: nothing is opened, nothing is lost, one thing to do."""

from collections.abc import Callable
from typing import Any

import flet as ft

from fieldapp.ui import theme
from fieldapp.ui.viewport import Viewport
from fieldapp.ui.words import LANGUAGES, Speak, speaker
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.page import head, page
from fieldapp.widgets.text import body, named, strong


@ft.component
def NoSafe(retry: Callable[[], Any], room: Viewport) -> list[ft.View]:
    """Before the notebook is open nobody knows the worker's language: it says it in both."""
    both = [speaker(language) for language in LANGUAGES]
    again = " · ".join(say("camera.retry") for say in both)
    return [
        page(
            head(both[0]("app.name")),
            [named("shut", ft.Column([part for say in both for part in _told(say)]))],
            [button("retry", again, then(retry))],
            room=room,
        )
    ]


def _told(say: Speak) -> list[ft.Control]:
    return [strong(say("why.safe_shut"), theme.DANGER), body(say("shut.lead"))]
