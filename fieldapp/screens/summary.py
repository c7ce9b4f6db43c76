"""The summary of a patrol: what was logged, and whether it has all been sent."""

import flet as ft

from contract.patrol import Patrol
from fieldapp.report.entry import Entry, Stage
from fieldapp.screens.badges import card_context, notice, sync_lines
from fieldapp.screens.context import use_field_state
from fieldapp.screens.patrol_parts import patrol_name, undo_bar
from fieldapp.screens.progress import is_unfinished
from fieldapp.state import FieldState, paths
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.facts import fact
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.parts import card
from fieldapp.widgets.progress_bar import icon_line
from fieldapp.widgets.reports import report_card
from fieldapp.widgets.text import announced, body, strong


@ft.component
def Summary() -> ft.View:
    state, say = use_field_state()
    ft.on_mounted(state.refresh)
    over = state.patrol.ended
    actions = side_by_side(
        button("home", say("over.home"), handler(state.home)),
        button("reports", say("home.reports"), handler(state.reports.open_list), "quiet"),
        state.viewport,
        left_handed=state.settings.chosen.left_handed,
    )
    return page(
        head(say("over.title"), None, handler(state.leave, paths.PATROL), say("back")),
        _body(state, say, over) if over else [body(say("patrol.none"))],
        [*notice(state, say), *undo_bar(state, say), actions],
        viewport=state.viewport,
    )


def _body(state: FieldState, say: Speak, over: Patrol) -> list[ft.Control]:
    zone = state.now().tzinfo
    hours = [f"{at.astimezone(zone):%H:%M}" for at in (over.started_at, over.ended_at) if at]
    rows = [
        fact(say("over.shift"), patrol_name(state, say)),
        fact(say("over.time"), " – ".join(hours)),
    ]
    return [card([*rows, *_alarms(over, state, say)], identifier="patrol"), *_logged(state, say)]


def _alarms(over: Patrol, state: FieldState, say: Speak) -> list[ft.Control]:
    zone = state.now().tzinfo
    return [
        icon_line(
            ft.Icons.SOS, say("over.alarm", time=f"{alarm.at.astimezone(zone):%H:%M}"), theme.WARN
        )
        for alarm in over.alarms
    ]


def _logged(state: FieldState, say: Speak) -> list[ft.Control]:
    if not state.patrol.logged:
        return [body(say("over.nothing"), theme.MUTED)]
    cards = [
        report_card(
            entry,
            handler(state.reports.open, entry),
            card_context(state, say),
            sync_lines(state, entry),
        )
        for entry in state.patrol.logged
    ]
    begun = sum(entry.stage is Stage.DRAFT for entry in state.patrol.logged)
    words = say("drafts.ended", n=begun)
    drafts = [icon_line(ft.Icons.EDIT_OUTLINED, words, theme.WARN)] if begun else []
    return [strong(say("over.logged")), _sending_line(state, say), *drafts, *cards]


def _sending_line(state: FieldState, say: Speak) -> ft.Control:
    """Whether all that was sealed was sent; a draft never sends itself. The patrol, for which
    nobody waits, is left out."""
    if any(_on_phone(state, entry) for entry in state.patrol.logged):
        line = icon_line(ft.Icons.VERTICAL_ALIGN_TOP, say("over.here"), theme.WARN)
    else:
        line = icon_line(ft.Icons.CHECK, say("over.sent"), theme.OK)
    return announced("whereabouts", line)


def _on_phone(state: FieldState, entry: Entry) -> bool:
    return entry.stage is Stage.SEALED or is_unfinished(entry, state.sync.progress)
