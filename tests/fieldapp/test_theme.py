"""The tokens: text that can be read in glare and in the dark, computed and not guessed."""

import flet as ft
import pytest

from fieldapp.ui import theme
from fieldapp.ui.theme import DARK, LIGHT
from fieldapp.widgets.buttons import PAINT, button, handler
from fieldapp.widgets.parts import card, chip
from fieldapp.widgets.text import body
from fieldapp.widgets.tiles import tile
from tests.fieldapp.headless import walk

TEXT = ("ink", "muted", "primary", "ok", "info", "warn", "danger")
GROUNDS = ("bg", "surface", "sunken", "ok_tint", "info_tint", "warn_tint", "danger_tint")


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    shares = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_is_seven_to_one_on_every_ground(tokens: dict[str, str], ground: str) -> None:
    for name in TEXT:
        assert contrast(tokens[name], tokens[ground]) >= 7, name


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_words_on_buttons_are_seven_to_one(tokens: dict[str, str]) -> None:
    assert contrast(tokens["on_primary"], tokens["primary"]) >= 7
    assert contrast(tokens["on_accent"], tokens["accent"]) >= 7


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["bg", "surface"])
def test_lines_are_four_to_one(tokens: dict[str, str], ground: str) -> None:
    assert contrast(tokens["line"], tokens[ground]) >= 4


def boxes(part: ft.Control) -> list[ft.Container]:
    return [found for found in walk(part) if isinstance(found, ft.Container)]


def test_what_can_be_tapped_does_not_look_like_what_cannot() -> None:
    """Cards and chips are filled and bear no outline; a button or tile is outlined, or filled with
    what no card is filled with; a card that can be tapped ends in ›."""
    tap = handler(lambda: None)
    for tone in theme.TINTS:
        still = [card([body("样")], tone=tone)]
        still += [chip(ft.Icons.CHECK, "样", tone)] if tone != theme.SURFACE else []
        assert not [box for part in still for box in boxes(part) if box.border], tone
    for kind, (ground, _, outline) in PAINT.items():
        assert outline or ground not in set(theme.TINTS.values()) - {theme.SUNKEN}, kind
        face = boxes(button("b", "样", tap, kind))[0]
        assert (face.border is not None) == bool(outline), kind
    assert boxes(tile("t", "样", tap, chosen=False))[0].border
    icons = [part.icon for part in walk(card([body("样")], tap=tap)) if isinstance(part, ft.Icon)]
    assert icons == [ft.Icons.CHEVRON_RIGHT]
