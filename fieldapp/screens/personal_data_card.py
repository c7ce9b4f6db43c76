"""Personal data found in a text, quoted, and a button that cuts it out."""

from collections.abc import Sequence

import flet as ft

from contract.visible_text import undirected
from fieldapp.report.personal_data import PersonalDataFind
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Tap, button
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import strong

MARK = ft.TextStyle(
    size=theme.BODY,
    weight=ft.FontWeight.BOLD,
    color=theme.DANGER,
    decoration=ft.TextDecoration.UNDERLINE,
    decoration_thickness=3,
)
SHOWN = 2  # the others follow when these are cut
AROUND = ft.TextStyle(size=theme.BODY, color=theme.INK)


def personal_data_card(
    field: str, found: Sequence[PersonalDataFind], say: Speak, cut: Tap, mark: Tap
) -> list[ft.Control]:
    """[] if nothing was found. `mark` says that names found are those of places or shops."""
    if not found:
        return []
    quotes = ft.Column(
        [strong(say(_words(found)), theme.DANGER), *(_marked(one) for one in found[:SHOWN])],
        spacing=0,
        tight=True,
    )
    buttons = [button(f"cut-{field}", say("slip.cut"), cut, "danger", height=theme.TOUCH)]
    if any(one.may_be_place for one in found):
        words = say("slip.place")
        buttons.append(button(f"mark-{field}", words, mark, "plain", height=theme.TOUCH))
    for one in buttons:
        one.expand = True
    box = card([quotes, ft.Row(list(buttons), spacing=theme.GAP)], tone=theme.DANGER)
    return [ft.Semantics(identifier=f"slip-{field}", container=True, live_region=True, content=box)]


def _words(found: Sequence[PersonalDataFind]) -> str:
    return "flaw.room_in_home" if all(one.is_room for one in found) else "slip.found"


def _marked(found: PersonalDataFind) -> ft.Control:
    piece = undirected(found.piece)
    return ft.Text(
        spans=[ft.TextSpan(undirected(f"…{found.before}"), AROUND), ft.TextSpan(piece, MARK)],
        semantics_label=piece,
    )
