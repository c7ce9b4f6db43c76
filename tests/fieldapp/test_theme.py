"""The tokens: text that can be read in glare and in the dark, computed and not guessed."""

import pytest

from fieldapp.ui.theme import DARK, LIGHT

TEXT = ("ink", "muted", "primary", "ok", "info", "warn", "danger")
GROUNDS = ("bg", "surface", "sunken")


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
