"""Home: how the day stands, what became of the last reports, and one amber button."""

import flet as ft

from contract.report import Kind
from fieldapp import look
from fieldapp.entry import Stage
from fieldapp.screens.badges import badge_button, notice, on_its_way, reader_of, sync_trouble
from fieldapp.screens.enrol import Enrol
from fieldapp.screens.here import here
from fieldapp.screens.mail import questions, reports_word
from fieldapp.state import FieldState
from fieldapp.state.paths import DUTY
from fieldapp.state.patrolling import shift
from fieldapp.widgets.page import page, side_by_side
from fieldapp.widgets.parts import between, card, chip
from fieldapp.widgets.press import button, icon_button, pressed, then
from fieldapp.widgets.reports import place_line, report_card
from fieldapp.widgets.text import body, named, quiet, strong, title
from fieldapp.widgets.when import when
from fieldapp.words import Speak


@ft.component
def Home() -> ft.View | ft.Control:
    state, say = here()
    if not state.identity or state.enrolling:
        return Enrol()
    return page(
        _head(state, say),
        [
            *_patrol(state, say),
            *_draft(state, say),
            *questions(state, say),
            *_reports(state, say),
        ],
        [*notice(state, say), *_undo(state, say), *_actions(state, say)],
        width=state.width,
    )


def _head(state: FieldState, say: Speak) -> ft.Control:
    identity = state.identity
    if not identity:
        return ft.Container()
    word = state.lists.word("shift", shift(state.now()), say("lang"))
    names = ft.Column(
        [
            named("title", title(f"{word} · {identity.grid_name or identity.bureau_name}")),
            quiet(identity.bureau_name),
        ],
        spacing=0,
        expand=True,
    )
    card_ = icon_button("duty", ft.Icons.BADGE_OUTLINED, say("duty.title"), then(state.go, DUTY))
    gear = icon_button("settings", ft.Icons.SETTINGS, say("home.settings"), then(state.look_after))
    return ft.Column(
        [
            ft.Row([names, card_, ft.Container(gear, margin=ft.Margin(right=-12))], spacing=12),
            ft.Row([badge_button(state)]),
            *sync_trouble(state, say),
        ],
        spacing=0,
    )


def _patrol(state: FieldState, say: Speak) -> list[ft.Control]:
    patrol = state.patrol
    if not patrol:
        return []
    since = say("home.since", time=f"{patrol.started_at.astimezone(state.now().tzinfo):%H:%M}")
    visited = chip(ft.Icons.TIMELAPSE, say("home.visited", n=len(patrol.visits)), look.INFO)
    end = ft.Container(
        strong(say("home.end"), look.PRIMARY),
        on_click=then(state.end_patrol),
        padding=ft.Padding(0, 16, 16, 14),
    )
    return [
        card(
            [
                between(strong(say("home.patrol")), quiet(since)),
                between(pressed("end-patrol", end), visited),
            ]
        )
    ]


def _draft(state: FieldState, say: Speak) -> list[ft.Control]:
    draft = state.draft
    if not draft or draft.stage is not Stage.DRAFT:
        return []
    actions = [button("resume", say("home.resume"), then(state.resume, draft), "quiet", height=56)]
    if draft.report.revision == 0:
        actions.append(
            button("drop", say("home.drop"), then(state.drop, draft), "plain", height=56)
        )
    for action in actions:
        action.expand = True
    line = f"{place_line(draft.report.place, say)} · {when(say, draft.report.seen_at, state.now())}"
    return [
        card(
            [
                strong(say("home.draft"), look.WARN),
                body(line, look.MUTED),
                ft.Row(actions, spacing=look.GAP),  # type: ignore[arg-type]  # list is invariant
            ],
            outline=look.WARN,
            edge=2,
        )
    ]


def _reports(state: FieldState, say: Speak) -> list[ft.Control]:
    sent = [entry for entry in state.recent if entry.stage is not Stage.DRAFT]
    if not sent:
        return [card([body(say("home.empty"), look.MUTED)], identifier="empty")]
    return [
        report_card(
            entry,
            then(state.show, entry),
            reader_of(state, say),
            on_its_way(state, entry, brief=True),
        )
        for entry in sent
    ]


def _undo(state: FieldState, say: Speak) -> list[ft.Control]:
    """Ten seconds to think again."""
    if not state.sealed:
        return []
    clear = state.sealed.report.kind is Kind.CLEAR
    said = strong(say("undo.clear" if clear else "undo.sealed"), look.OK)
    undo = button("undo", say("undo.go"), then(state.undo), "quiet", height=56)
    words = ft.Row([ft.Icon(ft.Icons.CHECK, color=look.OK, size=24), said], spacing=6)
    return [named("sealed", between(words, ft.Container(undo, width=120)))]


def _actions(state: FieldState, say: Speak) -> list[ft.Control]:
    return [
        button("add", say("home.add"), then(state.begin), "accent", height=96),
        side_by_side(
            button("reports", reports_word(state, say), then(state.list_all), "quiet"),
            button("clear", say("home.clear"), then(state.begin, Kind.CLEAR), "quiet"),
            left_handed=state.settings.left_handed,
        ),
    ]
