"""The bureau's question about a report, at the top of its screens."""

import flet as ft

from fieldapp.report.entry import Entry
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.parts import card
from fieldapp.widgets.progress_bar import icon_line
from fieldapp.widgets.text import body


def question_lines(entry: Entry, say: Speak) -> list[ft.Control]:
    """[] if nothing is asked."""
    answer = entry.last_readable
    if not answer or not entry.is_asked:
        return []
    words = answer.comment or say("report.question_plain")
    lines = [icon_line(ft.Icons.QUESTION_MARK, say("report.question"), theme.WARN), body(words)]
    return [card(lines, identifier="question", tone=theme.WARN)]
