"""A text from outside turns no other text around on the phone's screens."""

import ast
from pathlib import Path

import flet as ft

from contract.codelists import built_in
from contract.place import Place
from contract.visible_text import undirected
from fieldapp.report.personal_data import PersonalDataFind
from fieldapp.report.stage import Stage
from fieldapp.screens import personal_data_card
from fieldapp.ui.words import speaker
from fieldapp.widgets import buttons, text
from fieldapp.widgets.reports import news_line, place_line
from tests.builders import a_name, an_answer, an_entry

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
        "widgets/text_field.py",
    }


def test_words_from_right_to_left_stay_in_their_place_among_others() -> None:
    hebrew, arabic = "\u05d0\u05d1", "\u0645\u0644"
    place = Place(community="999900100001", compound_name=hebrew, landmark=arabic)
    drawn = text.body(place_line(place, speaker("zh"))).value
    assert drawn == f"\u2068{hebrew}\u2069 \u2068{arabic}\u2069"
    entry = an_entry().changed(
        stage=Stage.REVIEWED, answers=(an_answer(a_name(), reason="DUPLICATE", comment=arabic),)
    )
    line = text.body(news_line(entry, speaker("zh"), built_in())).value
    assert line.endswith(f" · \u2068{arabic}\u2069")
    said = text.body(speaker("zh")("sync.receipt", number=hebrew)).value
    assert f"\u2068{hebrew}\u2069" in said
