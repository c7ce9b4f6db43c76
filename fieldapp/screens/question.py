"""The bureau's question about a report, at the top of its screens."""

import flet as ft

from contract.cases import CaseState
from fieldapp.report.entry import Entry, Stage
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.parts import card
from fieldapp.widgets.progress_bar import icon_line
from fieldapp.widgets.text import body


def question_lines(entry: Entry, say: Speak) -> list[ft.Control]:
    """[] if nothing is asked."""
    if not is_asked(entry):
        return []
    words = entry.answers[-1].comment or say("report.question_plain")
    lines = [icon_line(ft.Icons.QUESTION_MARK, say("report.question"), theme.WARN), body(words)]
    return [card(lines, identifier="question", outline=theme.WARN, edge=2)]


def is_asked(entry: Entry) -> bool:
    """True also while it is being answered; not for a refused report: mend that first."""
    state = entry.answers[-1].state if entry.answers else ""
    return state == CaseState.RETURNED and entry.stage in (Stage.REVIEWED, Stage.DRAFT)
