"""What a patrol came to: what was logged, and what of it is still on this phone alone."""

import flet as ft

from contract.patrol import Patrol
from fieldapp.report.entry import Entry, Stage
from fieldapp.screens.badges import notice, on_its_way, reader_of
from fieldapp.screens.here import here
from fieldapp.screens.patrol_parts import patrol_name, undo_bar
from fieldapp.screens.progress import unfinished
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.facts import fact
from fieldapp.widgets.gauge import sign
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.parts import card
from fieldapp.widgets.reports import report_card
from fieldapp.widgets.text import aloud, body, strong


@ft.component
def Summary() -> ft.View:
    state, say = here()
    ft.on_mounted(state.refresh)
    over = state.over
    actions = side_by_side(
        button("home", say("over.home"), then(state.home)),
        button("reports", say("home.reports"), then(state.list_reports), "quiet"),
        left_handed=state.settings.left_handed,
    )
    return page(
        head(say("over.title"), None, then(state.home), say("back")),
        _body(state, say, over) if over else [body(say("patrol.none"))],
        [*notice(state, say), *undo_bar(state, say), actions],
        room=state.room,
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
        sign(ft.Icons.SOS, say("over.alarm", time=f"{alarm.at.astimezone(zone):%H:%M}"), theme.WARN)
        for alarm in over.alarms
    ]


def _logged(state: FieldState, say: Speak) -> list[ft.Control]:
    if not state.logged:
        return [body(say("over.nothing"), theme.MUTED)]
    cards = [
        report_card(entry, then(state.show, entry), reader_of(state, say), on_its_way(state, entry))
        for entry in state.logged
    ]
    return [strong(say("over.logged")), _whereabouts(state, say), *cards]


def _whereabouts(state: FieldState, say: Speak) -> ft.Control:
    """Of the reports; the patrol itself follows them and nobody waits for it."""
    if any(_on_phone(state, entry) for entry in state.logged):
        line = sign(ft.Icons.VERTICAL_ALIGN_TOP, say("over.here"), theme.WARN)
    else:
        line = sign(ft.Icons.CHECK, say("over.sent"), theme.OK)
    return aloud("whereabouts", line)


def _on_phone(state: FieldState, entry: Entry) -> bool:
    return entry.stage in (Stage.SEALED, Stage.DRAFT) or unfinished(entry, state.traffic)
