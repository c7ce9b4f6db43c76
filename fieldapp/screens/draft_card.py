"""A report that is not finished, on home: go on with it, or give it up."""

import flet as ft

from fieldapp.report.entry import Entry, Stage
from fieldapp.screens.here import here
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.confirm_button import confirm_button
from fieldapp.widgets.parts import card
from fieldapp.widgets.reports import place_line
from fieldapp.widgets.text import body, strong
from fieldapp.widgets.times import when


def draft_card(state: FieldState) -> list[ft.Control]:
    draft = state.draft
    return [Unfinished(draft)] if draft and draft.stage is Stage.DRAFT else []


@ft.component
def Unfinished(draft: Entry) -> ft.Control:
    state, say = here()
    sure, ask = ft.use_state(False)
    actions = [
        button("resume", say("home.resume"), then(state.resume, draft), "quiet", theme.TOUCH)
    ]
    if draft.report.revision == 0:
        words = say("home.drop"), say("home.sure")
        drop = confirm_button(
            "drop", words, then(state.drop, draft), None if sure else then(ask, True)
        )
        actions.append(drop)
    for action in actions:
        action.expand = True
    line = f"{place_line(draft.report.place, say)} · {when(say, draft.report.seen_at, state.now())}"
    return card(
        [
            strong(say("home.draft"), theme.WARN),
            body(line, theme.MUTED),
            ft.Row(actions, spacing=theme.GAP),  # type: ignore[arg-type]  # list is invariant
        ],
        outline=theme.WARN,
        edge=2,
    )
