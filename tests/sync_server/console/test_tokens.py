"""The colours keep LOOK's promise: text at least 7:1 on every ground it stands on, lines 4:1."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from sync_server import console

CSS = (Path(console.__file__).parent / "static" / "tokens.css").read_text()
LIGHT_TEXT, DARK_TEXT = CSS.split("@media", 1)
COLOUR = re.compile(r"--([a-z-]+): (#[0-9A-F]{6});")
LIGHT = dict(COLOUR.findall(LIGHT_TEXT))
DARK = dict(COLOUR.findall(DARK_TEXT))
TEXT = [
    *((text, ground) for text in ("ink", "muted") for ground in ("bg", "surface", "sunken")),
    *((text, "chosen") for text in ("ink", "muted", "primary", "ok", "info", "warn", "danger")),
    *((text, "muted-ground") for text in ("ink", "muted", "ok", "info", "warn", "danger")),
    *((text, f"{text}-ground") for text in ("ok", "info", "warn", "danger")),
    *(("ink", f"{ground}-ground") for ground in ("ok", "info", "warn", "danger")),
    *((text, "surface") for text in ("primary", "ok", "info", "warn", "danger")),
    ("primary", "bg"),
    ("on-primary", "primary"),
    ("on-bar", "bar"),
]


def light(colour: str) -> float:
    """WCAG 2.2 relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


LIGHTS = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


def too_weak(
    tokens: dict[str, str], pairs: Iterable[tuple[str, str]], least: float
) -> dict[tuple[str, str], float]:
    found = {(one, on): contrast(tokens[one], tokens[on]) for one, on in pairs}
    return {pair: ratio for pair, ratio in found.items() if ratio < least}


@LIGHTS
def test_text_is_seven_to_one(tokens: dict[str, str]) -> None:
    assert too_weak(tokens, TEXT, 7) == {}


@LIGHTS
def test_outlines_are_four_to_one(tokens: dict[str, str]) -> None:
    assert too_weak(tokens, [("line", "bg"), ("line", "surface")], 4) == {}


def test_both_lights_have_the_same_tokens() -> None:
    assert LIGHT.keys() == DARK.keys()


def test_no_colour_stands_outside_the_tokens() -> None:
    css = (Path(console.__file__).parent / "static" / "console.css").read_text()
    screen = css.split("@media print")[0]
    assert not re.findall(r"#[0-9A-Fa-f]{3,8}\b(?![^{]*\{)", screen)
