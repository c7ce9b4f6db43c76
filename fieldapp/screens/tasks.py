"""The bureau's tasks for whoever is on duty here: the most pressing first."""

from datetime import date

import flet as ft

from contract.codelists import built_in
from contract.reference import Compound, Task
from contract.visible_text import beside
from fieldapp.screens.context import use_field_state
from fieldapp.state import FieldState, paths
from fieldapp.state.lookup import tasks_by_day
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card, chip
from fieldapp.widgets.progress_bar import icon_line
from fieldapp.widgets.text import body, strong
from fieldapp.widgets.tiles import fitting_rows, tile
from fieldapp.widgets.times import day

REASONS = "task_reason"  # the code list
HANDLED = {
    "done": (ft.Icons.CHECK, theme.OK),
    "returned": (ft.Icons.UNDO, theme.INFO),
}


@ft.component
def Tasks() -> ft.View:
    state, say = use_field_state()
    today = state.now().date()
    rows = [_card(state, say, one, today) for one in tasks_by_day(state.bureau.reference)]
    return page(
        head(say("tasks.title"), None, handler(state.leave, paths.TASKS), say("back")),
        rows or [card([body(say("tasks.empty"), theme.MUTED)], identifier="empty")],
        viewport=state.viewport,
    )


def _card(state: FieldState, say: Speak, one: Task, today: date) -> ft.Control:
    compound = next((c for c in state.bureau.places.compounds if c.id == one.compound), None)
    where = " ".join(beside(part) for part in (compound and compound.name, one.building) if part)
    return card(
        [
            strong(one.title),
            *([body(where)] if where else []),
            *([body(one.note, theme.MUTED)] if one.note else []),
            *_due(say, one, today),
            *_actions(state, say, one, compound),
        ],
        identifier=f"task-{one.id}",
    )


def _actions(
    state: FieldState, say: Speak, one: Task, compound: Compound | None
) -> list[ft.Control]:
    """Log a lead where the task is, say that nothing was seen there, or hand it back; what was
    handled says so instead."""
    handled = state.bureau.handled.of(one)
    if handled:
        icon, colour = HANDLED[handled]
        mark = chip(icon, say(f"tasks.{handled}"), colour, identifier=f"handled-{one.id}")
        return [ft.Row([mark])]
    begin = handler(state.draft.begin_at, compound, one)
    clear = handler(state.outbox.clear, compound, one)
    log = [
        button(f"go-{one.id}", say("tasks.go"), begin, "quiet"),
        button(f"clear-{one.id}", say("tasks.clear"), clear, "quiet"),
    ]
    return [_apart([*(log if compound else ()), HandBack(one)])]


def _apart(parts: list[ft.Control]) -> ft.Control:
    """With so much room that no two are hit at once."""
    return ft.Column(
        parts, spacing=theme.GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


@ft.component
def HandBack(one: Task) -> ft.Control:
    """A task that cannot be done is handed back with a reason to tap, without typing."""
    state, say = use_field_state()
    asked, ask = ft.use_state(False)
    if not asked:
        words, more = say("tasks.back"), handler(ask, True)
        return button(f"back-{one.id}", words, more, "plain", theme.TOUCH)
    known = state.bureau.lists
    lists = known if known.offered(REASONS) else built_in()  # of a bureau that has no such list
    reasons = {code: lists.word(REASONS, code, say("lang")) for code in lists.offered(REASONS)}
    tiles = [
        tile(
            f"why-{one.id}-{n}",
            why,
            handler(state.suggestion.hand_back, one, code, say("tasks.said", why=why)),
        )
        for n, (code, why) in enumerate(reasons.items())
    ]
    return _apart([strong(say("tasks.why")), *fitting_rows(tiles, state.viewport)])


def _due(say: Speak, one: Task, today: date) -> list[ft.Control]:
    if not one.due:
        return []
    late = one.due < today
    words = say("tasks.over" if late else "tasks.due", day=day(say, one.due))
    icon = ft.Icons.PRIORITY_HIGH if late else ft.Icons.EVENT_OUTLINED
    return [icon_line(icon, words, theme.WARN if late else theme.INFO)]
