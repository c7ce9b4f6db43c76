"""Home: sync, patrol, news from the bureau, the last reports, an amber button for a new one."""

import flet as ft

from contract.report import Kind
from fieldapp.report.entry import Stage
from fieldapp.screens.badges import card_context, notice, sync_badge, sync_lines, sync_trouble
from fieldapp.screens.bureau_news import question_card, reports_label, unseen_rows
from fieldapp.screens.context import use_field_state
from fieldapp.screens.damage_card import damage_card
from fieldapp.screens.draft_card import draft_cards
from fieldapp.screens.enrol import Enrol
from fieldapp.screens.patrol_parts import end_proposal, patrol_row, undo_bar
from fieldapp.screens.pin_offer import pin_offer
from fieldapp.screens.warnings import warning_cards
from fieldapp.state import FieldState
from fieldapp.state.paths import DUTY, HOME
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler, icon_button, sos_button
from fieldapp.widgets.page import page, side_by_side
from fieldapp.widgets.parts import card, rows_card, spread_row
from fieldapp.widgets.reports import report_row
from fieldapp.widgets.text import body, heading, muted

SHOWN = 3  # reports; the others are one tap away


@ft.component
def Home() -> ft.View | ft.Control:
    """An empty page while another screen covers it: rendering it too was half the work of a tap."""
    state, say = use_field_state()
    visits, covered = _use_visits()
    if not state.identity or state.enrolment.again:
        return Enrol()
    view = ft.View(bgcolor=theme.BG) if covered else _page(state, say)
    view.route = f"{HOME}?{visits}"
    return view


def _page(state: FieldState, say: Speak) -> ft.View:
    return page(
        _head(state, say),
        [
            *_status(state, say),
            *question_card(state, say),
            *damage_card(state, say),
            *_reports(state, say),
            *end_proposal(state, say),
            rows_card([patrol_row(state, say), *unseen_rows(state, say)]),
            *([_other_buttons(state, say)] if state.viewport.cramped else []),
            *draft_cards(state, say),
            *warning_cards(state, say),
            *pin_offer(state, say),
        ],
        [*notice(state, say), *undo_bar(state, say), *_actions(state, say)],
        viewport=state.viewport,
    )


def _use_visits() -> tuple[int, bool]:
    """How often one has come home, and whether another screen covers it. The number goes into the
    route: a page of another name is shown at once, while Flutter takes 300 ms to remove the upper
    one of two, animated or not."""
    covered = ft.use_route_location() != HOME
    last = ft.use_ref((0, False))
    visits, was_covered = last.current or (0, False)
    last.current = (visits + (was_covered and not covered), covered)
    return last.current


def _head(state: FieldState, say: Speak) -> ft.Control:
    """One line: the head does not scroll, and text may be twice as large."""
    identity = state.identity
    name = heading((identity.grid_name or identity.bureau_name) if identity else "")
    return spread_row(name, sos_button(say, handler(state.alarm.open)))


def _status(state: FieldState, say: Speak) -> list[ft.Control]:
    shift = (state.patrol.current or state.patrol.proposed()).shift
    named_shift = state.bureau.lists.word("shift", shift, say("lang"))
    duty = icon_button("duty", ft.Icons.BADGE_OUTLINED, say("duty.title"), handler(state.go, DUTY))
    gear = icon_button(
        "settings", ft.Icons.SETTINGS, say("home.settings"), handler(state.settings.open)
    )
    icons = ft.Row([duty, gear], spacing=theme.GAP, tight=True)
    stands = ft.Row([muted(named_shift), sync_badge(state)], spacing=8, wrap=True, tight=True)
    line = ft.Row(
        [stands, icons],
        wrap=True,
        spacing=theme.GAP,
        run_spacing=theme.GAP,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return [line, *sync_trouble(state, say)]


def _reports(state: FieldState, say: Speak) -> list[ft.Control]:
    sent = [entry for entry in state.reports.recent if entry.stage is not Stage.DRAFT]
    if not sent:
        return [card([body(say("home.empty"), theme.MUTED)], identifier="empty")]
    rows = [
        report_row(
            entry,
            handler(state.reports.open, entry),
            card_context(state, say),
            sync_lines(state, entry, brief=True),
        )
        for entry in sent[:SHOWN]
    ]
    return [rows_card(rows)]


def _actions(state: FieldState, say: Speak) -> list[ft.Control]:
    add = button("add", say("home.add"), handler(state.draft.begin), "accent", height=96)
    return [add] if state.viewport.cramped else [add, _other_buttons(state, say)]


def _other_buttons(state: FieldState, say: Speak) -> ft.Control:
    return side_by_side(
        button("reports", reports_label(state, say), handler(state.reports.open_all), "quiet"),
        button("clear", say("home.clear"), handler(state.draft.begin, Kind.CLEAR), "quiet"),
        state.viewport,
        left_handed=state.settings.chosen.left_handed,
    )
