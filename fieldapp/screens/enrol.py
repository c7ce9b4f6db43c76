"""The first screen of a new phone: one code, once."""

import flet as ft

from fieldapp import look
from fieldapp.screens.badges import notice
from fieldapp.screens.here import here
from fieldapp.state import FieldState
from fieldapp.widgets.page import head, page
from fieldapp.widgets.press import Tap, button, then
from fieldapp.widgets.text import body, quiet
from fieldapp.widgets.writing import Form, kept, writing
from fieldapp.words import Speak


@ft.component
def Enrol() -> ft.View:
    state, say = here()
    back = then(state.stay_enrolled) if state.identity else None
    return enrol_page(state, say, say("enrol.lead"), back)


def enrol_page(state: FieldState, say: Speak, lead: str, back: Tap | None = None) -> ft.View:
    """Part of a component: what is typed lives as long as that."""
    typed = kept({"code": "", "address": state.kit.address})

    async def code(text: str) -> None:
        typed["code"] = text

    async def address(text: str) -> None:
        typed["address"] = text

    async def enrol() -> None:
        await state.enrol(typed["code"], typed["address"])

    return page(
        head(say("enrol.title"), None, back, say("back")),
        [
            body(lead),
            writing(Form("enrol-code", say("enrol.code")), "", code),
            writing(Form("enrol-address", say("enrol.address")), state.kit.address, address),
            _promise(say),
        ],
        [*notice(state, say), button("enrol", _words(state, say), enrol)],
        room=state.room,
    )


def _words(state: FieldState, say: Speak) -> str:
    return say("enrol.busy") if state.busy else say("enrol.go")


def _promise(say: Speak) -> ft.Control:
    lock = ft.Icon(ft.Icons.LOCK_OUTLINE, color=look.MUTED, size=24)
    return ft.Row([lock, ft.Container(quiet(say("enrol.privacy")), expand=True)])
