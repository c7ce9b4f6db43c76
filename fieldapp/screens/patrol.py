"""The patrol under way: compounds nearest first, each settled in one tap, none of them required."""

from collections.abc import Callable

import flet as ft

from contract.report import Kind
from fieldapp import look
from fieldapp.screens.badges import notice
from fieldapp.screens.here import here
from fieldapp.screens.rounds import ending, patrol_name, standing, undo_bar
from fieldapp.screens.visits import compound_rows
from fieldapp.state import FieldState
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.parts import between, section, threes
from fieldapp.widgets.press import button, sos_button, then, tile
from fieldapp.widgets.text import body
from fieldapp.words import Speak

SHOWN = 10  # rows at first and with each "more": every row has two buttons


@ft.component
def Patrol() -> ft.View:
    state, say = here()
    changing, change = ft.use_state(False)
    rows, widen = ft.use_state(SHOWN)
    if not state.patrol:
        return _none(state, say)
    name = head(patrol_name(state, say), standing(state, say), then(state.home), say("back"))
    return page(
        between(name, sos_button(say, then(state.sos))),
        [
            *ending(state, say),
            _breaks(state, say, changing, lambda: change(not changing)),
            *(_forms(state, say) if changing else []),
            *compound_rows(state, say, rows),
            *_more(state, say, rows, lambda: widen(rows + SHOWN)),
        ],
        [*notice(state, say), *undo_bar(state, say), *_actions(state, say)],
        width=state.width,
    )


def _breaks(state: FieldState, say: Speak, changing: bool, flip: Callable[[], None]) -> ft.Control:
    """Not what one comes for, so one row of it."""
    words = say("patrol.go_on") if state.paused else say("patrol.pause")
    return side_by_side(
        button("pause", words, then(state.pause, not state.paused), "plain", height=look.TOUCH),
        button("change-form", say("patrol.change"), then(flip), "plain", height=look.TOUCH),
        left_handed=state.settings.left_handed,
    )


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
    return section(say(f"patrol.{field}"), threes(tiles))


def _changed(state: FieldState, field: str, code: str) -> Callable[[], object]:
    return lambda: state.change_patrol(**{field: code})


def _more(state: FieldState, say: Speak, rows: int, widen: Callable[[], None]) -> list[ft.Control]:
    left = len(state.order) - rows
    if left <= 0:
        return []
    words = say("patrol.more", n=min(left, SHOWN))
    return [button("more", words, then(widen), "plain", height=look.TOUCH)]


def _actions(state: FieldState, say: Speak) -> list[ft.Control]:
    return [
        button("add", say("home.add"), then(state.begin), "accent"),
        side_by_side(
            button("ad", say("patrol.ad"), then(state.begin, Kind.AD), "quiet"),
            button("end-patrol", say("patrol.end"), then(state.end_patrol), "quiet"),
            left_handed=state.settings.left_handed,
        ),
    ]


def _none(state: FieldState, say: Speak) -> ft.View:
    """The address was opened anew after the patrol had ended."""
    return page(
        head(say("home.patrol"), None, then(state.home), say("back")),
        [body(say("patrol.none"))],
        [button("start-patrol", say("patrol.start"), then(state.start_patrol))],
        width=state.width,
    )
