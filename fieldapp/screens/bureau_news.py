"""What home says of the bureau's letters: notices and tasks that are new, answers that nobody
read, questions to answer."""

import flet as ft

from fieldapp.state import FieldState, paths
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Kind, button, then
from fieldapp.widgets.gauge import sign
from fieldapp.widgets.parts import card
from fieldapp.widgets.tiles import threes


def reports_word(state: FieldState, say: Speak) -> str:
    """The way to one's reports, with how many of them have something new."""
    new = len(state.unread)
    return say("reports.new", n=new) if new else say("home.reports")


def letters(state: FieldState, say: Speak) -> list[ft.Control]:
    """The way to notices and tasks that are new here; an urgent notice says so."""
    new, ways = state.news, list[ft.Control]()
    if new.notices:
        words = say("mail.urgent" if new.urgent else "mail.notices", n=new.notices)
        kind: Kind = "warn" if new.urgent else "quiet"
        to = then(state.visit, paths.NOTICES)
        ways.append(button("new-notices", words, to, kind, height=theme.TOUCH))
    if new.tasks:
        words, to = say("mail.tasks", n=new.tasks), then(state.visit, paths.TASKS)
        ways.append(button("new-tasks", words, to, "quiet", height=theme.TOUCH))
    return threes(ways, 2 if len(ways) == 2 and state.room.across == 3 else 1)


def questions(state: FieldState, say: Speak) -> list[ft.Control]:
    if not state.questions:
        return []
    words = sign(ft.Icons.QUESTION_MARK, say("reports.asked", n=state.questions), theme.WARN)
    go = button("questions", say("reports.answer"), then(state.list_asked), "quiet", height=56)
    return [card([words, go], identifier="asked", outline=theme.WARN, edge=2)]
