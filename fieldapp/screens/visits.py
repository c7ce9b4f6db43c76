"""The compounds of a patrol: how far away, what was logged there, and two buttons to log it."""

from collections.abc import Iterable, Sequence

import flet as ft

from contract.patrol import Visit
from contract.reference import Compound
from contract.report import Kind
from fieldapp.report.entry import Entry
from fieldapp.screens.clock_card import clock_card
from fieldapp.state import FieldState
from fieldapp.state.nearby import distance_m
from fieldapp.state.patrol import NOT_COUNTED
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import side_by_side
from fieldapp.widgets.parts import card, chip, spread_row, wrapping_row
from fieldapp.widgets.text import body, muted, strong


def compound_rows(state: FieldState, say: Speak, most: int) -> Sequence[ft.Control]:
    if not state.patrol.to_visit:
        return [body(say("patrol.empty"), theme.MUTED)]
    visits = (
        {visit.compound: visit for visit in state.patrol.current.visits}
        if state.patrol.current
        else {}
    )
    rows = [_row(state, say, one, visits.get(one.id)) for one in state.patrol.to_visit[:most]]
    for row, one in zip(rows, state.patrol.to_visit, strict=False):
        row.key = one.id  # else a row that moves down gives its buttons' names to the one before it
    return [*clock_card(state, say), strong(say("patrol.list")), *rows]


def _row(state: FieldState, say: Speak, compound: Compound, visit: Visit | None) -> ft.Control:
    away = distance_m(compound, state.patrol.last_fix) if state.patrol.last_fix else None
    far = muted(say("place.distance", m=round(away)) if away is not None else "")
    name = spread_row(strong(compound.name), far)
    if not visit:
        return card([name, _answers(state, say, compound)], identifier=f"visit-{compound.id}")
    leads, clears = counts_at(state.patrol.logged, compound.id)
    look = theme.INFO if leads else theme.OK
    icon = ft.Icons.FLAG_OUTLINED if leads else ft.Icons.CHECK
    counted = [say("visit.leads", n=leads)] if leads else []
    counted += [say("visit.clears", n=clears)] if clears else []
    result = chip(icon, " · ".join(counted), look, identifier=f"visited-{compound.id}")
    return card([wrapping_row(strong(compound.name), result)], identifier=f"visit-{compound.id}")


def counts_at(logged: Iterable[Entry], compound: str) -> tuple[int, int]:
    """How many leads, and how often nothing was seen, in this compound; neither drafts nor what
    was withdrawn."""
    kinds = [
        entry.report.kind
        for entry in logged
        if entry.report.place.compound == compound and entry.stage not in NOT_COUNTED
    ]
    clears = kinds.count(Kind.CLEAR)
    return len(kinds) - clears, clears


def _answers(state: FieldState, say: Speak, compound: Compound) -> ft.Control:
    clear, log = f"clear-{compound.id}", f"log-{compound.id}"
    return side_by_side(
        button(
            clear,
            say("patrol.clear"),
            handler(state.outbox.clear, compound),
            "plain",
            height=theme.TOUCH,
        ),
        button(
            log,
            say("patrol.log"),
            handler(state.draft.begin_at, compound),
            "plain",
            height=theme.TOUCH,
        ),
        state.viewport,
        left_handed=state.settings.chosen.left_handed,
    )
