"""What home says of the bureau's letters: answers that nobody read, questions to answer."""

import flet as ft

from fieldapp import look
from fieldapp.state import FieldState
from fieldapp.widgets.gauge import sign
from fieldapp.widgets.parts import card
from fieldapp.widgets.press import button, then
from fieldapp.words import Speak


def reports_word(state: FieldState, say: Speak) -> str:
    """The way to one's reports, with how many of them have something new."""
    new = len(state.unread)
    return say("reports.new", n=new) if new else say("home.reports")


def questions(state: FieldState, say: Speak) -> list[ft.Control]:
    if not state.questions:
        return []
    words = sign(ft.Icons.QUESTION_MARK, say("reports.asked", n=state.questions), look.WARN)
    go = button("questions", say("reports.answer"), then(state.list_asked), "quiet", height=56)
    return [card([words, go], identifier="asked", outline=look.WARN, edge=2)]
