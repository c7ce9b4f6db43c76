"""A text field that keeps its own text: what is typed is reported, and never set from outside."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import flet as ft
from flet.components.hooks.use_ref import MutableRef

from contract.visible_text import undirected
from fieldapp.ui import theme

OnText = Callable[[str], Awaitable[None]]
WRONG = ft.TextStyle(size=theme.BODY, color=theme.DANGER, weight=ft.FontWeight.BOLD, height=1.3)
QUIET = ft.TextStyle(size=theme.BODY, color=theme.MUTED)
BELOW = 240  # dp that stay in sight below the line that is typed: a card with its buttons


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """Identifier, label, most characters (0: any number) and lines; `wrong` is shown below."""

    identifier: str
    label: str
    most: int = 0
    lines: int = 1
    wrong: str = ""
    edition: int = 0  # a new one begins the field anew, after its text was changed by the app
    marked: bool = False  # what is wrong with its words comes below it while they are typed


def text_field(form: FieldSpec, start: str, on_text: OnText) -> ft.Control:
    """Calls `on_text` with the text at each keystroke. It has a key: a field that moves down when
    something appears above it must stay the same field."""
    key = f"{form.identifier}-{form.edition}"
    return TypedText(form, start, on_text, key=key)  # type: ignore[call-arg]  # flet takes it out


@ft.component
def TypedText(form: FieldSpec, start: str, on_text: OnText) -> ft.Control:
    kept_field: MutableRef[ft.Ref[ft.TextField]] = ft.use_ref(_no_field)
    field = kept_field.current
    # What the client sent last. Any other value here would overwrite keystrokes still on their way.
    held = field.current if field else None
    now = held.value if held else start

    async def heard(event: ft.Event[ft.TextField]) -> None:
        await on_text(event.control.value)

    text = _text_field(form, now)
    text.on_change = heard
    if field:
        field.current = text
    return ft.Semantics(identifier=form.identifier, container=True, content=text)


def _no_field() -> ft.Ref[ft.TextField]:
    return ft.Ref()


def _text_field(form: FieldSpec, value: str) -> ft.TextField:
    many = form.lines > 1
    return ft.TextField(
        # A label of two lines would lie on the words of the field.
        label=ft.Text(undirected(form.label), max_lines=1, overflow=ft.TextOverflow.ELLIPSIS),
        value=value,
        multiline=many,
        min_lines=form.lines,
        max_lines=form.lines + 3 if many else 1,
        max_length=form.most or None,
        error=form.wrong or None,
        error_style=WRONG,
        error_max_lines=4,
        align_label_with_hint=True,
        text_style=ft.TextStyle(size=theme.BODY + 2, color=theme.INK),
        label_style=QUIET,
        counter_style=QUIET,
        border=_border(),
        filled=True,
        fill_color=theme.SURFACE,
        content_padding=ft.Padding.symmetric(horizontal=16, vertical=18),
        scroll_padding=ft.Padding(20, 20, 20, BELOW if form.marked else 20),
    )


def _border() -> dict[ft.ControlState, ft.InputBorder]:
    return {
        ft.ControlState.DEFAULT: _edge(theme.LINE, theme.OUTLINE),
        ft.ControlState.FOCUSED: _edge(theme.PRIMARY, theme.CHOSEN),
        ft.ControlState.ERROR: _edge(theme.DANGER, theme.CHOSEN),
    }


def _edge(colour: str, width: int) -> ft.OutlineInputBorder:
    return ft.OutlineInputBorder(side=ft.BorderSide(width, colour), border_radius=theme.RADIUS)


def use_scratch(start: dict[str, str]) -> dict[str, str]:
    """A hook: texts by name that outlive renderings and cause none."""
    return ft.use_ref(start).current or start
