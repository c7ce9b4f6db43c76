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
    field: str, found: Sequence[PersonalDataFind], say: Speak, cut: Tap
) -> list[ft.Control]:
    """[] if nothing was found."""
    if not found:
        return []
    quotes = ft.Column(
        [strong(say("slip.found"), theme.DANGER), *(_marked(one) for one in found[:SHOWN])],
        spacing=0,
        tight=True,
        expand=True,
    )
    cut_button = button(f"cut-{field}", say("slip.cut"), cut, "danger", height=theme.TOUCH)
    row = ft.Row([quotes, ft.Container(cut_button, width=120)], spacing=theme.GAP)
    box = card([row], outline=theme.DANGER, edge=2)
    return [ft.Semantics(identifier=f"slip-{field}", container=True, live_region=True, content=box)]


def _marked(found: PersonalDataFind) -> ft.Control:
    piece = undirected(found.piece)
    return ft.Text(
        spans=[ft.TextSpan(undirected(f"…{found.before}"), AROUND), ft.TextSpan(piece, MARK)],
        semantics_label=piece,
    )
