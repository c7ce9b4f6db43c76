"""Buttons, large enough for a thumb in a glove."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import flet as ft

from contract.visible_text import undirected
from fieldapp.ui import theme
from fieldapp.ui.words import Speak

Tap = Callable[[], Awaitable[None]]
Verb = Callable[..., Any]
Kind = Literal["primary", "accent", "quiet", "plain", "warn", "danger"]

# Filled or outlined: what is neither cannot be tapped.

PAINT: dict[Kind, tuple[str, str, str | None]] = {  # ground, ink, outline
    "primary": (theme.PRIMARY, theme.ON_PRIMARY, None),
    "accent": (theme.ACCENT, theme.ON_ACCENT, None),
    "quiet": (theme.SUNKEN, theme.PRIMARY, None),
    "plain": (theme.SUNKEN, theme.INK, None),
    "warn": (theme.WARN, theme.BG, None),
    "danger": (theme.SURFACE, theme.DANGER, theme.DANGER),
}

MARGIN, ICON, ICON_GAP = 8, 28, 6  # logical pixels
BESIDE_WORDS = 2 * MARGIN + ICON + ICON_GAP  # of a button's width, if it has a pictogram
CALL = ft.Icons.CALL
ICONS = {
    "add": ft.Icons.ADD,
    "new-notices": ft.Icons.NOTIFICATIONS_OUTLINED,
    "new-tasks": ft.Icons.ASSIGNMENT_OUTLINED,
    "shutter": ft.Icons.PHOTO_CAMERA,
    "call-110": CALL,
    "call-119": CALL,
    "call-12345": CALL,
}


def handler(verb: Verb, *arguments: Any) -> Tap:
    """A handler that makes one call. Flet does not await what a lambda returns; this is awaited."""

    async def fire() -> None:
        result = verb(*arguments)
        if inspect.isawaitable(result):
            await result

    return fire


def button(
    identifier: str,
    words: str,
    tap: Tap,
    kind: Kind = "primary",
    height: int = theme.PRIMARY_TOUCH,
) -> ft.Semantics:
    ground, ink, outline = PAINT[kind]
    box = ft.Container(
        content=_face(words, ICONS.get(identifier), ink, height - (4 if outline else 0)),
        bgcolor=ground,
        border=ft.Border.all(2, outline) if outline else None,
        border_radius=theme.RADIUS,
        padding=ft.Padding.symmetric(horizontal=MARGIN),
        on_click=tap,
    )
    made = pressable(identifier, box)
    made.data = words  # not sent to the client: `side_by_side` reads it
    return made


def _face(words: str, icon: ft.IconData | None, ink: str, height: int) -> ft.Control:
    text = label(words, theme.BUTTON, ink, bold=True)
    text.expand, text.expand_loose = True, bool(icon)  # large text wraps
    parts: list[ft.Control] = [least_height(height)]
    if icon:
        parts.append(ft.Icon(icon, size=ICON, color=ink))
    spacing = ICON_GAP if icon else 0
    return ft.Row([*parts, text], spacing=spacing, alignment=ft.MainAxisAlignment.CENTER)


def call_button(identifier: str, words: str, number: str, tap: Tap) -> ft.Semantics:
    """Opens the phone's own dialler with this number; the worker's tap there makes the call."""
    made = button(identifier, words, tap, "danger", height=theme.PRIMARY_TOUCH)
    if isinstance(made.content, ft.Container):
        made.content.url = ft.Url(f"tel:{number}", target=ft.UrlTarget.SELF)
    return made


def icon_button(
    identifier: str,
    icon: ft.IconData,
    words: str,
    tap: Tap,
    width: int | None = theme.TOUCH,
) -> ft.Semantics:
    """`words` are what a screen reader says. None as `width` fills its place."""
    return ft.Semantics(
        identifier=identifier,
        button=True,
        container=True,
        label=undirected(words),
        content=ft.Container(
            content=ft.Icon(icon, size=30, color=theme.INK),
            width=width,
            height=theme.TOUCH,
            alignment=ft.Alignment.CENTER,
            bgcolor=theme.SUNKEN,
            border_radius=theme.RADIUS,
            on_click=tap,
        ),
    )


def sos_button(say: Speak, tap: Tap) -> ft.Semantics:
    """To the SOS card: the same sign in the same corner of home and patrol."""
    box = ft.Container(
        content=ft.Icon(ft.Icons.SOS, size=40, color=theme.DANGER),
        width=76,
        height=theme.TOUCH,
        alignment=ft.Alignment.CENTER,
        bgcolor=theme.SURFACE,
        border=ft.Border.all(2, theme.DANGER),
        border_radius=theme.RADIUS,
        on_click=tap,
    )
    return ft.Semantics(
        identifier="sos", button=True, container=True, label=say("sos.open"), content=box
    )


def pressable(
    identifier: str, content: ft.Control, *, selected: bool | None = None, live: bool = False
) -> ft.Semantics:
    """Makes `content` a button for a screen reader, which says the words of a `live` one whenever
    they change."""
    return ft.Semantics(
        identifier=identifier,
        button=True,
        container=True,
        selected=selected,
        live_region=live,
        content=content,
    )


def label(words: str, size: int, ink: str, *, bold: bool) -> ft.Text:
    return ft.Text(
        undirected(words),
        size=size,
        color=ink,
        weight=ft.FontWeight.BOLD if bold else ft.FontWeight.NORMAL,
        text_align=ft.TextAlign.CENTER,
        style=ft.TextStyle(height=1.2, letter_spacing=0),
    )


def least_height(height: int) -> ft.Container:
    """An invisible box that gives a row its least height; larger text still makes it higher."""
    return ft.Container(width=0, height=height)
