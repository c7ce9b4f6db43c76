"""The first screen of a new phone: a code from the bureau, typed or read by the camera."""

import flet as ft

from fieldapp.screens.badges import notice
from fieldapp.screens.context import use_field_state
from fieldapp.screens.posts import other_posts
from fieldapp.screens.scan import Scan
from fieldapp.screens.warnings import warning_card
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Tap, button, handler
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.text import body, muted
from fieldapp.widgets.text_field import FieldSpec, text_field, use_scratch
from fieldapp.widgets.tiles import tile


@ft.component
def Enrol() -> ft.View:
    state, say = use_field_state()
    back = handler(state.enrolment.give_up) if state.identity else None
    lead = say("enrol.lead_scan") if state.kit.scanner else say("enrol.lead")
    return code_screen(state, lead, back)


def code_screen(state: FieldState, lead: str, back: Tap | None = None) -> ft.View:
    """The camera's screen or the one to type in: two components, so that what is typed is kept only
    as long as its screen is open."""
    screen: ft.View = Scan() if state.enrolment.scanning else TypedCode(lead, back)
    return screen


@ft.component
def TypedCode(lead: str, back: Tap | None) -> ft.View:
    state, say = use_field_state()
    read, known = state.enrolment.invitation, state.kit.address
    typed = use_scratch({"code": read, "address": known})

    async def code(text: str) -> None:
        typed["code"] = text

    async def address(text: str) -> None:
        typed["address"] = text

    async def enrol() -> None:
        await state.enrolment.enrol(typed["code"], typed["address"])

    fields = [
        text_field(FieldSpec("enrol-code", say("enrol.code")), read, code),
        text_field(FieldSpec("enrol-address", say("enrol.address")), known, address),
    ]
    return page(
        head(say("enrol.title"), _language(state, say), back, say("back")),
        [body(lead), *_storage(state, say), *fields, _privacy_line(say)],
        [*notice(state, say), *other_posts(state, say), _actions(state, say, enrol)],
        viewport=state.viewport,
    )


def _storage(state: FieldState, say: Speak) -> list[ft.Control]:
    """Before anything is typed: whether what is kept here may be deleted without being asked."""
    return [] if state.sync.lasting else [warning_card("storage_lent", say)]


def _language(state: FieldState, say: Speak) -> ft.Control:
    """Switches to the other language, which is named in itself: a new phone begins in Chinese."""
    other = "en" if say("lang") == "zh" else "zh"
    tap = handler(lambda: state.settings.change(language=other))
    switch = tile("language", say("enrol.other"), tap, height=theme.TOUCH)
    return ft.Container(switch, width=110 * state.viewport.text_scale)


def _actions(state: FieldState, say: Speak, enrol: Tap) -> ft.Control:
    submit = button("enrol", say("enrol.busy") if state.sync.busy else say("enrol.go"), enrol)
    if not state.kit.scanner:
        return submit
    scan = button("scan", say("enrol.scan"), handler(state.enrolment.open_camera), "quiet")
    return side_by_side(submit, scan, state.viewport, left_handed=state.settings.chosen.left_handed)


def _privacy_line(say: Speak) -> ft.Control:
    lock = ft.Icon(ft.Icons.LOCK_OUTLINE, color=theme.MUTED, size=24)
    return ft.Row([lock, ft.Container(muted(say("enrol.privacy")), expand=True)])
