"""Unfinished reports on home: go on with the last one, or discard it; the others are a tap away."""

import flet as ft

from fieldapp.report.entry import Entry, Stage
from fieldapp.screens.context import use_field_state
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Tap, button, handler
from fieldapp.widgets.confirm_button import confirm_button
from fieldapp.widgets.parts import card, row, rows_card
from fieldapp.widgets.reports import place_line
from fieldapp.widgets.text import body, strong
from fieldapp.widgets.times import when


def draft_cards(state: FieldState, say: Speak) -> list[ft.Control]:
    draft = state.draft.entry
    shown = [Unfinished(draft)] if draft and draft.stage is Stage.DRAFT else []
    others = state.sync.counts.get(Stage.DRAFT, 0) - len(shown)
    if others <= 0:
        return shown
    words = say("drafts.others" if shown else "drafts.left", n=others)
    to = handler(state.reports.open_drafts)
    return [*shown, rows_card([row([strong(words)], "drafts", to)])]


@ft.component
def Unfinished(draft: Entry) -> ft.Control:
    state, say = use_field_state()
    sure, ask = ft.use_state(False)
    actions = draft_actions(state, say, draft, None if sure else handler(ask, True))
    line = f"{place_line(draft.report.place, say)} · {when(say, draft.report.seen_at, state.now())}"
    return card([strong(say("home.draft")), body(line, theme.MUTED), actions])


def draft_actions(
    state: FieldState, say: Speak, draft: Entry, ask: Tap | None, height: int = theme.TOUCH
) -> ft.Control:
    """Go on with a draft, or give it up by two taps; the same wherever a draft is shown."""
    resume = handler(state.draft.resume, draft)
    actions = [button("resume", say("home.resume"), resume, "quiet", height)]
    if draft.may_be_dropped:
        words = say("home.drop"), say("home.sure")
        give_up = handler(state.draft.drop, draft)
        actions.append(confirm_button("drop", words, give_up, ask, height))
    for action in actions:
        action.expand = True
    return ft.Row(actions, spacing=theme.GAP)  # type: ignore[arg-type]  # list is invariant
