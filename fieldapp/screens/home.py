"""Home: how the day stands, what became of the last reports, and one amber button."""

import flet as ft

from contract.report import Kind
from fieldapp.report.entry import Stage
from fieldapp.screens.badges import badge_button, notice, on_its_way, reader_of, sync_trouble
from fieldapp.screens.bureau_news import letters, questions, reports_word
from fieldapp.screens.draft_card import draft_card
from fieldapp.screens.enrol import Enrol
from fieldapp.screens.here import here
from fieldapp.screens.patrol_parts import patrol_card, undo_bar
from fieldapp.screens.pin_offer import offer
from fieldapp.screens.warnings import worry_cards
from fieldapp.state import FieldState
from fieldapp.state.paths import DUTY, HOME
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, icon_button, sos_button, then
from fieldapp.widgets.page import page, side_by_side
from fieldapp.widgets.parts import card
from fieldapp.widgets.reports import report_card
from fieldapp.widgets.text import body, heading, quiet


@ft.component
def Home() -> ft.View | ft.Control:
    """Bare while another screen lies upon it: drawing it as well was half the work of a tap."""
    state, say = here()
    times, covered = _stand()
    if not state.identity or state.enrolling:
        return Enrol()
    view = ft.View(bgcolor=theme.BG) if covered else _drawn(state, say)
    view.route = f"{HOME}?{times}"
    return view


def _drawn(state: FieldState, say: Speak) -> ft.View:
    return page(
        _head(state),
        [
            *_status(state, say),
            *worry_cards(state, say),
            *patrol_card(state, say),
            *([_others(state, say)] if state.room.cramped else []),
            *letters(state, say),
            *draft_card(state),
            *offer(state, say),
            *questions(state, say),
            *_reports(state, say),
        ],
        [*notice(state, say), *undo_bar(state, say), *_actions(state, say)],
        room=state.room,
    )


def _stand() -> tuple[int, bool]:
    """How often one has come home, for a page of another name stands at once (Flutter takes 300 ms
    to take the upper one of two away, animated or not), and whether something lies upon it."""
    covered = ft.use_route_location() != HOME
    held = ft.use_ref((0, False))
    times, was_covered = held.current or (0, False)
    held.current = (times + (was_covered and not covered), covered)
    return held.current


def _head(state: FieldState) -> ft.Control:
    """One line: what stands here is not scrolled, and words may be twice as large."""
    identity = state.identity
    return heading((identity.grid_name or identity.bureau_name) if identity else "")


def _status(state: FieldState, say: Speak) -> list[ft.Control]:
    bureau = state.identity.bureau_name if state.identity else ""
    shift = (state.patrol or state.proposed()).shift
    named_shift = state.lists.word("shift", shift, say("lang"))
    card_ = icon_button("duty", ft.Icons.BADGE_OUTLINED, say("duty.title"), then(state.go, DUTY))
    gear = icon_button("settings", ft.Icons.SETTINGS, say("home.settings"), then(state.look_after))
    icons = ft.Row([sos_button(say, then(state.sos)), card_, gear], spacing=theme.GAP, tight=True)
    row = ft.Row(
        [badge_button(state), icons],
        wrap=True,
        spacing=theme.GAP,
        run_spacing=theme.GAP,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return [
        ft.Column(
            [quiet(f"{named_shift} · {bureau}"), row, *sync_trouble(state, say)], spacing=theme.GAP
        )
    ]


def _reports(state: FieldState, say: Speak) -> list[ft.Control]:
    sent = [entry for entry in state.recent if entry.stage is not Stage.DRAFT]
    if not sent:
        return [card([body(say("home.empty"), theme.MUTED)], identifier="empty")]
    return [
        report_card(
            entry,
            then(state.show, entry),
            reader_of(state, say),
            on_its_way(state, entry, brief=True),
        )
        for entry in sent
    ]


def _actions(state: FieldState, say: Speak) -> list[ft.Control]:
    add = button("add", say("home.add"), then(state.begin), "accent", height=96)
    return [add] if state.room.cramped else [add, _others(state, say)]


def _others(state: FieldState, say: Speak) -> ft.Control:
    return side_by_side(
        button("reports", reports_word(state, say), then(state.list_all), "quiet"),
        button("clear", say("home.clear"), then(state.begin, Kind.CLEAR), "quiet"),
        left_handed=state.settings.left_handed,
    )
