"""Shown when key store, notebook or web host cannot be opened: nothing is opened or lost; retry."""

from collections.abc import Callable
from typing import Any

import flet as ft

from fieldapp.ui import theme
from fieldapp.ui.viewport import Viewport
from fieldapp.ui.words import LANGUAGES, Speak, speaker
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.text import body, named, strong

LEADS = {"safe_shut": "shut.lead", "host_full": "shut.host"}


@ft.component
def NoSafe(retry: Callable[[], Any], viewport: Viewport, code: str = "safe_shut") -> list[ft.View]:
    """`code` says why. In both languages: before the notebook is open, nobody knows the
    worker's."""
    both = [speaker(language) for language in LANGUAGES]
    again = " · ".join(say("camera.retry") for say in both)
    return [
        page(
            head(both[0]("app.name")),
            [named("shut", ft.Column([part for say in both for part in _explanation(say, code)]))],
            [button("retry", again, handler(retry))],
            viewport=viewport,
        )
    ]


def _explanation(say: Speak, code: str) -> list[ft.Control]:
    lead = LEADS.get(code, "shut.notebook")
    return [strong(say(f"why.{code}"), theme.DANGER), body(say(lead))]
