"""The unfinished report on home: go on with it, or discard it."""

import flet as ft

from fieldapp.report.entry import Entry, Stage
from fieldapp.screens.context import use_field_state
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.confirm_button import confirm_button
from fieldapp.widgets.parts import card
from fieldapp.widgets.reports import place_line
from fieldapp.widgets.text import body, strong
from fieldapp.widgets.times import when


def draft_card(state: FieldState) -> list[ft.Control]:
    draft = state.draft.entry
    return [Unfinished(draft)] if draft and draft.stage is Stage.DRAFT else []


@ft.component
def Unfinished(draft: Entry) -> ft.Control:
    state, say = use_field_state()
    sure, ask = ft.use_state(False)
    resume = handler(state.draft.resume, draft)
    actions = [button("resume", say("home.resume"), resume, "quiet", theme.TOUCH)]
    if draft.report.revision == 0:
        words, discard = (say("home.drop"), say("home.sure")), handler(state.outbox.discard, draft)
        once_more = None if sure else handler(ask, True)
        actions.append(confirm_button("drop", words, discard, once_more))
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
