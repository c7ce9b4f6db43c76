"""A text from outside turns no other text around on the phone's screens."""

import ast
from pathlib import Path

import flet as ft

from contract.visible_text import undirected
from fieldapp.report.personal_data import PersonalDataFind
from fieldapp.screens import personal_data_card
from fieldapp.widgets import buttons, text

FOLDER = Path(text.__file__).parents[1]
TURNED = "样\u202e例\u2067苑\u200f"


def test_each_way_to_draw_words_leaves_signs_of_direction_out() -> None:
    drawn = [make(TURNED) for make in (text.title, text.strong, text.body, text.muted)]
    drawn.append(buttons.label(TURNED, 18, "#000", bold=True))
    assert {one.value for one in drawn} == {undirected(TURNED)} == {"样例苑"}


def test_a_quote_of_personal_data_is_drawn_without_them() -> None:
    found = PersonalDataFind(before=TURNED, piece=TURNED)
    quote = personal_data_card._marked(found)
    assert isinstance(quote, ft.Text) and quote.spans
    [before, piece] = quote.spans
    assert (before.text, piece.text) == ("…样例苑", "样例苑")


def test_no_screen_draws_words_of_its_own() -> None:
    """All text controls are made where signs of direction are left out; `measure` draws a digit."""
    makers = {
        path.relative_to(FOLDER).as_posix()
        for path in FOLDER.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("Text", "TextSpan", "Markdown")
    }
    assert makers == {
        "screens/personal_data_card.py",
        "ui/measure.py",
        "widgets/buttons.py",
        "widgets/text.py",
    }
