"""What home says of news from the bureau: unseen notices and tasks, unread answers, questions."""

import flet as ft

from fieldapp.state import FieldState, paths
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Kind, button, handler
from fieldapp.widgets.parts import card
from fieldapp.widgets.progress_bar import icon_line
from fieldapp.widgets.tiles import tile_rows


def reports_label(state: FieldState, say: Speak) -> str:
    """The words of the button to one's reports: with how many of them have unread answers."""
    new = len(state.reports.unread)
    return say("reports.new", n=new) if new else say("home.reports")


def unseen_buttons(state: FieldState, say: Speak) -> list[ft.Control]:
    """Buttons to notices and tasks that nobody has seen; an urgent notice changes its button."""
    unseen, buttons = state.bureau.unseen, list[ft.Control]()
    if unseen.notices:
        words = say("mail.urgent" if unseen.urgent else "mail.notices", n=unseen.notices)
        kind: Kind = "warn" if unseen.urgent else "quiet"
        to = handler(state.bureau.visit, paths.NOTICES)
        buttons.append(button("new-notices", words, to, kind, height=theme.TOUCH))
    if unseen.tasks:
        words, to = say("mail.tasks", n=unseen.tasks), handler(state.bureau.visit, paths.TASKS)
        buttons.append(button("new-tasks", words, to, "quiet", height=theme.TOUCH))
    return tile_rows(buttons, 2 if len(buttons) == 2 and state.viewport.across == 3 else 1)


def question_card(state: FieldState, say: Speak) -> list[ft.Control]:
    if not state.reports.questions:
        return []
    words = icon_line(
        ft.Icons.QUESTION_MARK, say("reports.asked", n=state.reports.questions), theme.WARN
    )
    answer = button(
        "questions",
        say("reports.answer"),
        handler(state.reports.open_questions),
        "quiet",
        height=56,
    )
    return [card([words, answer], identifier="asked", outline=theme.WARN, edge=2)]
