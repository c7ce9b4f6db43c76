"""The manual: its topics, or the one that is open; and what the mark of each state means."""

import flet as ft

from contract.cases import CaseState
from fieldapp.screens.context import use_field_state
from fieldapp.state import FieldState, paths
from fieldapp.ui import theme
from fieldapp.ui.manual import topics
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card
from fieldapp.widgets.progress_bar import icon_line
from fieldapp.widgets.text import body
from fieldapp.widgets.tiles import tile

STATES = "states"  # this topic is made from the table of states, so that it cannot be wrong
LEGEND = (
    "SEALED",
    "DELIVERED",
    "REFUSED",
    CaseState.RETURNED,
    CaseState.ACCEPTED,
    CaseState.REJECTED,
    CaseState.VERIFYING,
    CaseState.UNFOUNDED,
    CaseState.RECTIFIED,
)


@ft.component
def Help() -> ft.View:
    state, say = use_field_state()
    opened, open_ = ft.use_state("")
    parts: list[ft.Control] = []
    for topic in [opened] if opened else (*topics(), STATES):
        title = say("help.states") if topic == STATES else topics()[topic][say("lang")][0]
        flip = handler(open_, "" if opened else topic)
        parts.append(tile(f"topic-{topic}", title, flip, chosen=True if opened else None))
    if opened:
        parts.append(card(_lines(state, say, opened), identifier="topic"))
    back = handler(open_, "") if opened else handler(state.go, paths.DUTY)
    return page(head(say("duty.help"), None, back, say("back")), parts, viewport=state.viewport)


def _lines(state: FieldState, say: Speak, topic: str) -> list[ft.Control]:
    if topic != STATES:
        return [body(line) for line in topics()[topic][say("lang")][1:]]
    trios = ((theme.STATES[code], code) for code in LEGEND)
    return [
        icon_line(
            trio.icon,
            say(trio.word)
            if trio.word
            else state.bureau.lists.word("case_state", code, say("lang")),
            trio.colour,
        )
        for trio, code in trios
    ]
