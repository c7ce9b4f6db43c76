"""Shown after a revoked phone has emptied itself: what happened, what was sent, what to do."""

from collections.abc import Callable
from typing import Any

import flet as ft

from fieldapp.device.wipe_record import WipeRecord
from fieldapp.ui import theme
from fieldapp.ui.viewport import Viewport
from fieldapp.ui.words import speaker
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import body, named, strong


@ft.component
def Wiped(record: WipeRecord, begin: Callable[[], Any], viewport: Viewport) -> list[ft.View]:
    """There is no state any more; the record says in which language to tell."""
    say = speaker("en" if record.language == "en" else "zh")
    handed = say("gone.handed", n=record.handed) if record.handed else say("gone.nothing")
    kept = [named("handed", strong(handed, theme.OK)), body(say("gone.received"))]
    lost = [strong(say("gone.wiped")), body(say("gone.drafts", n=record.drafts))]
    return [
        page(
            head(say("gone.title")),
            [
                named("gone", strong(say("why.given_up"), theme.DANGER)),
                body(say("gone.lead", bureau=record.bureau_name or say("app.name"))),
                card(kept),
                card(lost),
                body(say("gone.next")),
            ],
            [button("begin-anew", say("gone.begin"), handler(begin))],
            viewport=viewport,
        )
    ]
