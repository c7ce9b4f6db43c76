"""A phone that was revoked has emptied itself: what happened, what became of it, what to do."""

from collections.abc import Callable
from typing import Any

import flet as ft

from fieldapp.device.wipe_record import WipeRecord
from fieldapp.ui import theme
from fieldapp.ui.viewport import Viewport
from fieldapp.ui.words import speaker
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import body, named, strong


@ft.component
def Wiped(word: WipeRecord, begin: Callable[[], Any], room: Viewport) -> list[ft.View]:
    """There is no state any more; the word says in which language to tell."""
    say = speaker("en" if word.language == "en" else "zh")
    handed = say("gone.handed", n=word.handed) if word.handed else say("gone.nothing")
    kept = [named("handed", strong(handed, theme.OK)), body(say("gone.received"))]
    lost = [strong(say("gone.wiped")), body(say("gone.drafts", n=word.drafts))]
    return [
        page(
            head(say("gone.title")),
            [
                named("gone", strong(say("why.given_up"), theme.DANGER)),
                body(say("gone.lead", bureau=word.bureau_name or say("app.name"))),
                card(kept),
                card(lost),
                body(say("gone.next")),
            ],
            [button("begin-anew", say("gone.begin"), then(begin))],
            room=room,
        )
    ]
