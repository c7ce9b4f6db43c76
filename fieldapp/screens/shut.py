"""The phone's own safe does not answer: nothing is opened, nothing is lost, one thing to do."""

from collections.abc import Callable
from typing import Any

import flet as ft

from fieldapp import look
from fieldapp.room import Room
from fieldapp.widgets.page import head, page
from fieldapp.widgets.press import button, then
from fieldapp.widgets.text import body, named, strong
from fieldapp.words import speaker


@ft.component
def Shut(retry: Callable[[], Any], room: Room) -> list[ft.View]:
    """Before the notebook is open nobody knows the worker's language."""
    say = speaker("zh")
    return [
        page(
            head(say("app.name")),
            [
                named("shut", strong(say("why.safe_shut"), look.DANGER)),
                body(say("shut.lead")),
            ],
            [button("retry", say("camera.retry"), then(retry))],
            room=room,
        )
    ]
