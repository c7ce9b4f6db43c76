"""What home says of news from the bureau: unseen notices and tasks, unread answers, questions."""

import flet as ft

from contract.visible_text import beside
from fieldapp.report.entry import Entry, Stage
from fieldapp.state import FieldState, paths
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Tap, button, handler
from fieldapp.widgets.parts import card, chip, row, wrapping_row
from fieldapp.widgets.progress_bar import icon_line
from fieldapp.widgets.reports import place_line
from fieldapp.widgets.text import strong


def reports_label(state: FieldState, say: Speak) -> str:
    """The words of the button to one's reports: with how many of them have unread answers."""
    new = len(state.reports.unread)
    return say("reports.new", n=new) if new else say("home.reports")


def unseen_rows(state: FieldState, say: Speak) -> list[ft.Control]:
    """Rows to notices and tasks that nobody has seen; urgent notices are counted apart."""
    unseen, rows = state.bureau.unseen, list[ft.Control]()
    if unseen.notices or unseen.urgent:
        words = strong(say("mail.notices", n=unseen.notices) if unseen.notices else "")
        urgent = say("mail.urgent", n=unseen.urgent)
        mark = chip(ft.Icons.PRIORITY_HIGH, urgent, theme.DANGER) if unseen.urgent else None
        line = [wrapping_row(words, mark) if mark else words]
        rows.append(row(line, "new-notices", handler(state.bureau.visit, paths.NOTICES)))
    if unseen.tasks:
        line = [strong(say("mail.tasks", n=unseen.tasks))]
        rows.append(row(line, "new-tasks", handler(state.bureau.visit, paths.TASKS)))
    return rows


def question_card(state: FieldState, say: Speak) -> list[ft.Control]:
    """The newest of what the bureau asks, with the way to answer it; how many others there are."""
    if not state.reports.asked:
        return []
    entry, *others = state.reports.asked
    refused = entry.stage is Stage.REFUSED
    title = say("what.refused" if refused else "reports.asks")
    where = f"{title} · {beside(place_line(entry.report.place, say))}"
    mend = say("sync.refused" if refused else "reports.answer")
    words = [] if refused else [strong(_question(entry, say))]
    parts: list[ft.Control] = [
        icon_line(ft.Icons.QUESTION_MARK, where, theme.WARN),
        *words,
        button("questions", mend, _answerer(state, entry), "warn", theme.TOUCH),
    ]
    if others:
        more = say("reports.asked", n=len(others))
        to = handler(state.reports.open_questions)
        parts.append(button("more-questions", more, to, "quiet", theme.TOUCH))
    spaced = ft.Column(parts, spacing=theme.GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return [card([spaced], identifier="asked", tone=theme.WARN)]


def _question(entry: Entry, say: Speak) -> str:
    answer = entry.last_readable
    return (answer.comment if answer else "") or say("report.question_plain")


def _answerer(state: FieldState, entry: Entry) -> Tap:
    """To the screen where it is answered; a refused report is opened, for it says what is wrong."""
    if entry.stage is Stage.REFUSED:
        return handler(state.reports.open, entry)
    return handler(state.draft.resume, entry)
