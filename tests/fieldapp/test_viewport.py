"""The viewport: when head and body scroll as one, and what a keyboard does not change."""

from typing import Any

import flet as ft
import pytest

from fieldapp.ui.measure import text_scale_probe as letter
from fieldapp.ui.viewport import Viewport
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import page, side_by_side
from fieldapp.widgets.tiles import fitting_rows, tile
from tests.fieldapp.headless import walk


@pytest.mark.parametrize(
    ("width", "height", "text_scale", "cramped", "across"),
    [
        (390, 844, 1, False, 3),
        (320, 568, 1, False, 3),
        (320, 568, 1.3, False, 3),
        (390, 844, 2, False, 2),
        (360, 640, 2, True, 2),
        (320, 568, 2, True, 2),
    ],
)
def test_a_viewport_is_cramped_by_its_size_in_letters(
    width: float, height: float, text_scale: float, cramped: bool, across: int
) -> None:
    viewport = Viewport(width, height, text_scale)
    assert (viewport.cramped, viewport.across) == (cramped, across)


@pytest.mark.parametrize(
    ("words", "viewport", "across"),
    [
        ("楼道里听到讲课声还有人", Viewport(320, 568), 3),
        ("Timetable on display", Viewport(), 3),
        ("Fee information", Viewport(), 2),
        ("Fee information", Viewport(480, 1000), 3),
        ("Timetable on display", Viewport(320, 568), 2),
        ("Fee information", Viewport(320, 568, 2), 1),
        ("1–3", Viewport(320, 568, 2), 2),
    ],
)
def test_a_row_has_as_many_tiles_as_break_no_word(
    words: str, viewport: Viewport, across: int
) -> None:
    tiles = [tile(f"sign-{n}", words, handler(print)) for n in range(6)]
    rows = fitting_rows(tiles, viewport)
    assert [len(row.controls) for row in rows if isinstance(row, ft.Row)] == [across] * len(rows)


def test_a_keyboard_changes_nothing() -> None:
    small = Viewport(320, 568)
    assert small.resized(320, 300) == small
    assert small.resized(568, 320).cramped


def scrolled(view: ft.View) -> list[str]:
    (column,) = [part for part in walk(view) if isinstance(part, ft.Column) and part.scroll]
    return [part.value for part in walk(column) if isinstance(part, ft.Text)]


def test_with_little_room_all_but_the_next_step_scrolls() -> None:
    head, body, notice, step = (ft.Text(word) for word in ("head", "body", "notice", "step"))
    assert scrolled(page(head, [body], [step], viewport=Viewport(), above_actions=[notice])) == [
        "body"
    ]
    small = page(head, [body], [step], viewport=Viewport(320, 568, 2), above_actions=[notice])
    assert scrolled(small) == ["head", "body", "notice"]
    assert "step" in [part.value for part in walk(small) if isinstance(part, ft.Text)]


def test_the_size_of_the_letters_is_measured() -> None:
    found: list[float] = []
    ruler = letter(found.append)
    event = ft.LayoutSizeChangeEvent[ft.LayoutControl]("size_change", ruler, width=22, height=40)
    measured: Any = ruler.on_size_change
    measured(event)
    assert found == [2]


@pytest.mark.parametrize(
    ("words", "viewport", "kind"),
    [
        (("封存上报", "加照片"), Viewport(320, 568, 2), ft.Row),
        (("Answer the bureau", "Withdraw"), Viewport(), ft.Row),
        (("Answer the bureau", "Withdraw"), Viewport(text_scale=2), ft.Column),
        (("Send to the bureau", "Copy"), Viewport(320, 568), ft.Row),
    ],
)
@pytest.mark.parametrize("left_handed", [False, True])
def test_two_actions_stand_below_each_other_where_a_word_would_break(
    words: tuple[str, str], viewport: Viewport, kind: type[ft.Control], left_handed: bool
) -> None:
    main, other = (button(each, each, handler(print)) for each in words)
    made = side_by_side(main, other, viewport, left_handed=left_handed)
    assert isinstance(made, kind)
    if isinstance(made, ft.Column):
        assert made.controls == [other, main]  # the main one is nearest to the thumb of either hand
