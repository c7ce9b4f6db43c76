"""Text in the sizes and weights that screens use."""

import re
from collections.abc import Iterable

import flet as ft

from contract.visible_text import undirected
from fieldapp.ui import theme

UNBROKEN = re.compile(r"[a-z]+", re.I)  # Chinese can be wrapped anywhere
LETTER = 0.6  # the average width of a bold English letter, of its size


def title(words: str) -> ft.Text:
    return _text(words, theme.TITLE, theme.INK, bold=True, lines=3)


def heading(words: str, live: bool = False) -> ft.Semantics:
    """The screen's title, to which a screen reader can jump; it says changes of a `live` one."""
    return ft.Semantics(identifier="title", header=True, live_region=live, content=title(words))


def strong(words: str, colour: str = theme.INK) -> ft.Text:
    return _text(words, theme.BODY, colour, bold=True)


def body(words: str, colour: str = theme.INK) -> ft.Text:
    return _text(words, theme.BODY, colour)


def muted(words: str) -> ft.Text:
    return _text(words, theme.BODY, theme.MUTED)


def named(identifier: str, text: ft.Control) -> ft.Semantics:
    """Text with an identifier, by which tests find it."""
    return ft.Semantics(identifier=identifier, content=text)


def announced(identifier: str, content: ft.Control) -> ft.Semantics:
    """A screen reader says this when it appears, and again at each change."""
    return ft.Semantics(identifier=identifier, container=True, live_region=True, content=content)


def _text(
    words: str, size: int, colour: str, *, bold: bool = False, lines: int | None = None
) -> ft.Text:
    return ft.Text(
        undirected(words),
        size=size,
        color=colour,
        weight=ft.FontWeight.BOLD if bold else ft.FontWeight.NORMAL,
        style=ft.TextStyle(height=1.35, letter_spacing=0),
        max_lines=lines,
        overflow=ft.TextOverflow.ELLIPSIS if lines else ft.TextOverflow.CLIP,
    )


def unbroken_width(words: Iterable[str], size: float, text_scale: float) -> float:
    """How wide a place must be, in logical pixels, that breaks no word of these."""
    longest = max((len(run) for each in words for run in UNBROKEN.findall(each)), default=0)
    return longest * LETTER * size * text_scale
