"""My reports: newest first, twenty at a time; found by place, number or note, and by how they
stand."""

import flet as ft

from contract.protocol import Answer
from fieldapp.screens.badges import badge_button, notice, on_its_way, reader_of, unread
from fieldapp.screens.here import here
from fieldapp.state import FieldState
from fieldapp.state.search import ReportFilter
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card
from fieldapp.widgets.reports import report_card
from fieldapp.widgets.text import body, quiet, strong
from fieldapp.widgets.text_field import FieldSpec, writing
from fieldapp.widgets.tiles import fitting, tile
from fieldapp.widgets.times import when


@ft.component
def Reports() -> ft.View:
    state, say = here()
    wide, widen = ft.use_state(bool(state.wanted) or state.pile is not ReportFilter.ALL)
    ft.on_mounted(state.first_page)
    find = button("find", say("find.go"), then(widen, True), "quiet")
    return page(
        head(say("reports.title"), badge_button(state), then(state.home), say("back")),
        [*(_finder(state, say) if wide else []), *_rows(state, say)],
        [*notice(state, say), *([] if wide else [find])],
        room=state.room,
    )


def _finder(state: FieldState, say: Speak) -> list[ft.Control]:
    tiles = [
        tile(f"pile-{pile}", say(f"pile.{pile}"), then(state.sort, pile), chosen=pile is state.pile)
        for pile in ReportFilter
    ]
    return [
        *fitting(tiles, state.room),
        writing(FieldSpec("wanted", say("find.words")), state.wanted, state.search),
    ]


def _rows(state: FieldState, say: Speak) -> list[ft.Control]:
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
    rows += [_stray(state, say, answer) for answer in state.strays]
    whole = state.pile is ReportFilter.ALL and not state.wanted
    empty = say("reports.empty") if whole else say("find.none")
    return rows or [card([body(empty, theme.MUTED)], identifier="empty")]


def _stray(state: FieldState, say: Speak, answer: Answer) -> ft.Control:
    """An answer about a report that another installation of this app had sent."""
    word = state.lists.word("case_state", answer.state, say("lang"))
    return card(
        [
            strong(answer.place or say("reports.elsewhere")),
            quiet(f"{word} · {when(say, answer.at, state.now())}"),
            *unread(state, answer.report),
        ],
        identifier=f"stray-{answer.report}",
        tap=then(state.show_stray, answer.report),
    )
