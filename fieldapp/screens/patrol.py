"""The patrol under way: compounds nearest first, each settled in one tap, none of them required."""

from collections.abc import Callable

import flet as ft

from contract.report import Kind
from fieldapp.screens.badges import notice
from fieldapp.screens.here import here
from fieldapp.screens.patrol_parts import ending, patrol_name, standing, undo_bar
from fieldapp.screens.visits import compound_rows
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, sos_button, then
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import between, section
from fieldapp.widgets.text import body
from fieldapp.widgets.tiles import fitting, picture_tile, tile

SHOWN = 6  # rows at first and with each "more": every row has two buttons
PAUSE = {True: ft.Icons.PLAY_ARROW, False: ft.Icons.PAUSE}


@ft.component
def Patrol() -> ft.View:
    state, say = here()
    changing, change = ft.use_state(False)
    rows, widen = ft.use_state(SHOWN)
    if not state.patrol:
        return _none(state, say)
    shift = state.lists.word("shift", state.patrol.shift, say("lang"))
    return page(
        between(head(shift, None, then(state.home), say("back")), sos_button(say, then(state.sos))),
        [
            *ending(state, say),
            ft.Row([standing(state, say) or ft.Container()]),
            *_breaks(state, say, lambda: change(not changing)),
            *(_forms(state, say) if changing else []),
            *compound_rows(state, say, rows),
            *_more(state, say, rows, lambda: widen(rows + SHOWN)),
        ],
        [
            *notice(state, say),
            *undo_bar(state, say),
            button("add", say("home.add"), then(state.begin), "accent"),
        ],
        room=state.room,
    )


def _breaks(state: FieldState, say: Speak, flip: Callable[[], None]) -> list[ft.Control]:
    """What one comes for less often than the list."""
    on = state.paused
    rest = say("patrol.go_on" if on else "patrol.pause")
    change = say("patrol.change", name=patrol_name(state, say))
    tiles: list[ft.Control] = [
        picture_tile("ad", ft.Icons.CAMPAIGN, say("patrol.ad"), then(state.begin, Kind.AD)),
        picture_tile("pause", PAUSE[on], rest, then(state.pause, not on)),
        picture_tile("end-patrol", ft.Icons.STOP, say("patrol.end"), then(state.end_patrol)),
    ]
    return [
        tile("change-form", change, then(flip), height=theme.TOUCH),
        *fitting(tiles, state.room),
    ]


def _forms(state: FieldState, say: Speak) -> list[ft.Control]:
    return [
        *_one_of(state, say, "shift", "shift"),
        *_one_of(state, say, "patrol_form", "form"),
    ]


def _one_of(state: FieldState, say: Speak, name: str, field: str) -> list[ft.Control]:
    held = getattr(state.patrol, field)
    tiles = [
        tile(
            f"{field}-{code}",
            state.lists.word(name, code, say("lang")),
            then(_changed(state, field, code)),
            chosen=code == held,
        )
        for code in state.lists.offered(name)
    ]
    return section(say(f"patrol.{field}"), fitting(tiles, state.room))


def _changed(state: FieldState, field: str, code: str) -> Callable[[], object]:
    return lambda: state.change_patrol(**{field: code})


def _more(state: FieldState, say: Speak, rows: int, widen: Callable[[], None]) -> list[ft.Control]:
    left = len(state.order) - rows
    if left <= 0:
        return []
    words = say("patrol.more", n=min(left, SHOWN))
    return [button("more", words, then(widen), "plain", height=theme.TOUCH)]


def _none(state: FieldState, say: Speak) -> ft.View:
    """The address was opened anew after the patrol had ended."""
    return page(
        head(say("home.patrol"), None, then(state.home), say("back")),
        [body(say("patrol.none"))],
        [button("start-patrol", say("patrol.start"), then(state.start_patrol))],
        room=state.room,
    )
