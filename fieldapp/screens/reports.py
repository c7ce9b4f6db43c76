"""My reports: newest first, twenty at a time; searched by place, number or note, filtered by how
they stand."""

import flet as ft

from contract.protocol import UNREADABLE, Answer
from fieldapp.screens.badges import card_context, notice, sync_badge, sync_lines, unread_mark
from fieldapp.screens.context import use_field_state
from fieldapp.state import FieldState, paths
from fieldapp.state.search import ReportFilter
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card, wrapping_row
from fieldapp.widgets.reports import code_chip, report_card
from fieldapp.widgets.text import body, muted, strong
from fieldapp.widgets.text_field import FieldSpec, text_field
from fieldapp.widgets.tiles import fitting_rows, tile
from fieldapp.widgets.times import when


@ft.component
def Reports() -> ft.View:
    state, say = use_field_state()
    wide, widen = ft.use_state(
        bool(state.reports.searched) or state.reports.filter is not ReportFilter.ALL
    )
    ft.on_mounted(state.reports.first_page)
    find = button("find", say("find.go"), handler(widen, True), "quiet")
    return page(
        head(
            say("reports.title"),
            sync_badge(state),
            handler(state.leave, paths.REPORTS),
            say("back"),
        ),
        [*(_filters(state, say) if wide else []), *_rows(state, say)],
        [*notice(state, say), *([] if wide else [find])],
        viewport=state.viewport,
    )


def _filters(state: FieldState, say: Speak) -> list[ft.Control]:
    tiles = [
        tile(
            f"pile-{pile}",
            say(f"pile.{pile}"),
            handler(state.reports.filter_by, pile),
            chosen=pile is state.reports.filter,
        )
        for pile in ReportFilter
    ]
    return [
        *fitting_rows(tiles, state.viewport),
        text_field(
            FieldSpec("wanted", say("find.words")), state.reports.searched, state.reports.search
        ),
    ]


def _rows(state: FieldState, say: Speak) -> list[ft.Control]:
    rows: list[ft.Control] = [
        report_card(
            entry,
            handler(state.reports.open, entry),
            card_context(state, say),
            sync_lines(state, entry, brief=True),
        )
        for entry in state.reports.listed
    ]
    if state.reports.more:
        rows.append(
            button(
                "more", say("reports.more"), handler(state.reports.next_page), "plain", height=56
            )
        )
    rows += [_unknown_report(state, say, answer) for answer in state.reports.unknown]
    whole = state.reports.filter is ReportFilter.ALL and not state.reports.searched
    empty = say("reports.empty") if whole else say("find.none")
    return rows or [card([body(empty, theme.MUTED)], identifier="empty")]


def _unknown_report(state: FieldState, say: Speak, answer: Answer) -> ft.Control:
    """An answer about a report that another installation of this app had sent."""
    damaged = answer.state == UNREADABLE
    news = say("what.unreadable") if damaged else when(say, answer.at, state.now())
    name = strong(answer.place or say("reports.elsewhere"))
    return card(
        [
            wrapping_row(name, code_chip(answer.state, say, state.bureau.lists)),
            muted(news),
            *unread_mark(state, answer.report),
        ],
        identifier=f"stray-{answer.report}",
        tap=handler(state.reports.open_unknown, answer.report),
    )
