"""The first screen of a new phone: one code, once, seen by the camera or typed."""

import flet as ft

from fieldapp.screens.badges import notice
from fieldapp.screens.here import here
from fieldapp.screens.scan import Scan
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Tap, button, then
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.text import body, quiet
from fieldapp.widgets.text_field import FieldSpec, kept, writing
from fieldapp.widgets.tiles import tile


@ft.component
def Enrol() -> ft.View:
    state, say = here()
    back = then(state.stay_enrolled) if state.identity else None
    lead = say("enrol.lead_scan") if state.kit.scanner else say("enrol.lead")
    return asked_for_a_code(state, lead, back)


def asked_for_a_code(state: FieldState, lead: str, back: Tap | None = None) -> ft.View:
    """Either of two components, for what is typed lives as long as the one that it is typed in."""
    screen: ft.View = Scan() if state.scanning else Typing(lead, back)
    return screen


@ft.component
def Typing(lead: str, back: Tap | None) -> ft.View:
    state, say = here()
    typed = kept({"code": state.invited, "address": state.kit.address})

    async def code(text: str) -> None:
        typed["code"] = text

    async def address(text: str) -> None:
        typed["address"] = text

    async def enrol() -> None:
        await state.enrol(typed["code"], typed["address"])

    return page(
        head(say("enrol.title"), _language(state, say), back, say("back")),
        [
            body(lead),
            writing(FieldSpec("enrol-code", say("enrol.code")), state.invited, code),
            writing(FieldSpec("enrol-address", say("enrol.address")), state.kit.address, address),
            _promise(say),
        ],
        [*notice(state, say), _actions(state, say, enrol)],
        room=state.room,
    )


def _language(state: FieldState, say: Speak) -> ft.Control:
    """A new phone speaks Chinese; the other language is one tap away, under its own name."""
    other = "en" if say("lang") == "zh" else "zh"
    tap = then(lambda: state.set(language=other))
    switch = tile("language", say("enrol.other"), tap, height=theme.TOUCH)
    return ft.Container(switch, width=110 * state.room.letters)


def _actions(state: FieldState, say: Speak, enrol: Tap) -> ft.Control:
    go = button("enrol", say("enrol.busy") if state.busy else say("enrol.go"), enrol)
    if not state.kit.scanner:
        return go
    scan = button("scan", say("enrol.scan"), then(state.scan), "quiet")
    return side_by_side(go, scan, left_handed=state.settings.left_handed)


def _promise(say: Speak) -> ft.Control:
    lock = ft.Icon(ft.Icons.LOCK_OUTLINE, color=theme.MUTED, size=24)
    return ft.Row([lock, ft.Container(quiet(say("enrol.privacy")), expand=True)])
