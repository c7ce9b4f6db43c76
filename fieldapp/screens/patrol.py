"""The patrol under way: compounds, nearest first, each answered in one tap; none is required."""

from collections.abc import Callable

import flet as ft

from contract.report import Kind
from fieldapp.screens.badges import notice
from fieldapp.screens.context import use_field_state
from fieldapp.screens.patrol_parts import end_proposal, patrol_chip, patrol_name, undo_bar
from fieldapp.screens.visits import compound_rows
from fieldapp.state import FieldState, paths
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler, sos_button
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import section, spread_row
from fieldapp.widgets.text import body
from fieldapp.widgets.tiles import fitting_rows, icon_tile, tile

SHOWN = 6  # rows at first and with each "more": every row has two buttons
PAUSE = {True: ft.Icons.PLAY_ARROW, False: ft.Icons.PAUSE}


@ft.component
def Patrol() -> ft.View:
    state, say = use_field_state()
    changing, change = ft.use_state(False)
    rows, widen = ft.use_state(SHOWN)
    if not state.patrol.current:
        return _no_patrol(state, say)
    shift = state.bureau.lists.word("shift", state.patrol.current.shift, say("lang"))
    title = head(shift, None, handler(state.leave, paths.PATROL), say("back"))
    return page(
        spread_row(title, sos_button(say, handler(state.alarm.open))),
        [
            *end_proposal(state, say),
            ft.Row([patrol_chip(state, say) or ft.Container()]),
            Controls(lambda: change(not changing)),
            *(_forms(state, say) if changing else []),
            *compound_rows(state, say, rows),
            *_more(state, say, rows, lambda: widen(rows + SHOWN)),
        ],
        [
            *notice(state, say),
            *undo_bar(state, say),
            button("add", say("home.add"), handler(state.draft.begin), "accent"),
        ],
        viewport=state.viewport,
    )


@ft.component
def Controls(flip: Callable[[], None]) -> ft.Control:
    """What is needed less often than the list: form, advertisement, pause, end, which asks once."""
    state, say = use_field_state()
    sure, ask = ft.use_state(False)
    on = state.patrol.paused
    rest = say("patrol.go_on" if on else "patrol.pause")
    change = say("patrol.change", name=patrol_name(state, say))
    end = say("patrol.sure" if sure else "patrol.end")
    stop = handler(state.patrol.end) if sure else handler(ask, True)
    tiles: list[ft.Control] = [
        icon_tile("ad", ft.Icons.CAMPAIGN, say("patrol.ad"), handler(state.draft.begin, Kind.AD)),
        icon_tile("pause", PAUSE[on], rest, handler(state.patrol.pause, not on)),
        icon_tile("end-patrol", ft.Icons.STOP, end, stop),
    ]
    parts = [
        tile("change-form", change, handler(flip), height=theme.TOUCH),
        *fitting_rows(tiles, state.viewport),
    ]
    return ft.Column(
        parts, spacing=theme.GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _forms(state: FieldState, say: Speak) -> list[ft.Control]:
    return [
        *_one_of(state, say, "shift", "shift"),
        *_one_of(state, say, "patrol_form", "form"),
    ]


def _one_of(state: FieldState, say: Speak, name: str, field: str) -> list[ft.Control]:
    held = getattr(state.patrol.current, field)
    tiles = [
        tile(
            f"{field}-{code}",
            state.bureau.lists.word(name, code, say("lang")),
            handler(_changed(state, field, code)),
            chosen=code == held,
        )
        for code in state.bureau.lists.offered(name)
    ]
    return section(say(f"patrol.{field}"), fitting_rows(tiles, state.viewport))


def _changed(state: FieldState, field: str, code: str) -> Callable[[], object]:
    return lambda: state.patrol.change(**{field: code})


def _more(state: FieldState, say: Speak, rows: int, widen: Callable[[], None]) -> list[ft.Control]:
    left = len(state.patrol.to_visit) - rows
    if left <= 0:
        return []
    words = say("patrol.more", n=min(left, SHOWN))
    return [button("more", words, handler(widen), "plain", height=theme.TOUCH)]


def _no_patrol(state: FieldState, say: Speak) -> ft.View:
    """There is no patrol: the address was opened again after it had ended."""
    return page(
        head(say("home.patrol"), None, handler(state.leave, paths.PATROL), say("back")),
        [body(say("patrol.none"))],
        [button("start-patrol", say("patrol.start"), handler(state.patrol.start))],
        viewport=state.viewport,
    )
