"""My reports: newest first, fifty at a time."""

import flet as ft

from fieldapp import look
from fieldapp.screens.badges import badge_button, notice, on_its_way, reader_of
from fieldapp.screens.here import here
from fieldapp.state import FieldState
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card
from fieldapp.widgets.press import button, then
from fieldapp.widgets.reports import report_card
from fieldapp.widgets.text import body, quiet, strong
from fieldapp.widgets.when import when
from fieldapp.words import Speak


@ft.component
def Reports() -> ft.View:
    state, say = here()
    ft.on_mounted(state.first_page)
    rows: list[ft.Control] = [
        report_card(
            entry,
            then(state.show, entry),
            reader_of(state, say),
            on_its_way(state, entry, brief=True),
        )
        for entry in state.listed
    ]
    if state.more:
        rows.append(button("more", say("reports.more"), then(state.turn), "plain", height=56))
    rows += _strays(state, say)
    return page(
        head(say("reports.title"), badge_button(state), then(state.home), say("back")),
        rows or [card([body(say("reports.empty"), look.MUTED)], identifier="empty")],
        notice(state, say),
        width=state.width,
    )


def _strays(state: FieldState, say: Speak) -> list[ft.Control]:
    """Answers about reports that another installation of this app had sent."""
    held = {entry.report.id for entry in state.listed}
    last = {answer.report: answer for answer in state.strays if answer.report not in held}
    return [
        card(
            [
                strong(answer.place or say("reports.elsewhere")),
                quiet(
                    f"{state.lists.word('case_state', answer.state, say('lang'))}"
                    f" · {when(say, answer.at, state.now())}"
                ),
            ],
            identifier=f"stray-{answer.report}",
        )
        for answer in ([] if state.more else last.values())
    ]
