"""The bureau's tasks for whoever is on duty here: the most pressing first."""

from datetime import date

import flet as ft

from contract.reference import Task
from fieldapp.screens.context import use_field_state
from fieldapp.state import FieldState
from fieldapp.state.lookup import tasks_by_day
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card
from fieldapp.widgets.progress_bar import icon_line
from fieldapp.widgets.text import body, strong
from fieldapp.widgets.times import day


@ft.component
def Tasks() -> ft.View:
    state, say = use_field_state()
    today = state.now().date()
    rows = [_card(state, say, one, today) for one in tasks_by_day(state.bureau.reference)]
    return page(
        head(say("tasks.title"), None, handler(state.home), say("back")),
        rows or [card([body(say("tasks.empty"), theme.MUTED)], identifier="empty")],
        viewport=state.viewport,
    )


def _card(state: FieldState, say: Speak, one: Task, today: date) -> ft.Control:
    compound = next((c for c in state.bureau.places.compounds if c.id == one.compound), None)
    where = " ".join(part for part in (compound and compound.name, one.building) if part)
    log = [
        button(f"go-{one.id}", say("tasks.go"), handler(state.draft.begin_at, compound), "quiet")
    ]
    return card(
        [
            strong(one.title),
            *([body(where)] if where else []),
            *([body(one.note, theme.MUTED)] if one.note else []),
            *_due(say, one, today),
            *(log if compound else []),
        ],
        identifier=f"task-{one.id}",
    )


def _due(say: Speak, one: Task, today: date) -> list[ft.Control]:
    if not one.due:
        return []
    late = one.due < today
    words = say("tasks.over" if late else "tasks.due", day=day(say, one.due))
    icon = ft.Icons.PRIORITY_HIGH if late else ft.Icons.EVENT_OUTLINED
    return [icon_line(icon, words, theme.WARN if late else theme.INFO)]
