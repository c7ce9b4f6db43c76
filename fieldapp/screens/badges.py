"""What many screens show of the state: sync, position, notice, flaws of the draft."""

from uuid import UUID

import flet as ft

from contract.place import AMBER_M, GREEN_M, Fix
from contract.rules import Flaw
from fieldapp.ports import FixOutcome
from fieldapp.report.entry import Entry
from fieldapp.screens.progress import ReportProgress, SyncBadge, is_unfinished
from fieldapp.screens.remedies import reason_unsent, remedy_for
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak, sentences, speaker, why
from fieldapp.widgets.buttons import button, handler, pressable
from fieldapp.widgets.parts import card, chip, flaw_line
from fieldapp.widgets.progress_bar import icon_line
from fieldapp.widgets.reports import CardContext
from fieldapp.widgets.text import announced, body, strong


def card_context(state: FieldState, say: Speak) -> CardContext:
    return CardContext(say, state.bureau.lists, state.now())


def sync_badge(state: FieldState) -> ft.Control:
    """How sync stands; a tap opens the sync screen."""
    opens = ft.Icon(ft.Icons.CHEVRON_RIGHT, size=26, color=theme.PRIMARY)
    box = ft.Container(
        ft.Row([SyncBadge(state.sync.progress), opens], spacing=0, tight=True),
        on_click=handler(state.sync.open),
        padding=ft.Padding.symmetric(vertical=12),
    )
    return pressable("sync", box, live=True)


def sync_trouble(state: FieldState, say: Speak) -> list[ft.Control]:
    """Why nothing is sent, and a button where waiting does not help; [] if all is well."""
    code = reason_unsent(state)
    if not code or code == "undo":
        return []
    lines: list[ft.Control] = [announced("trouble", body(why(say, code), theme.WARN))]
    if remedy_for(code).button == "enrol":
        words = say("enrol.again")
        lines.append(
            button("enrol-again", words, handler(state.enrolment.begin_again), "quiet", height=56)
        )
    return lines


def sync_lines(state: FieldState, entry: Entry, *, brief: bool = False) -> list[ft.Control]:
    """How far a report is, while something of it is on the phone alone; in a list (`brief`) also
    whether it has an answer that nobody has read."""
    way = (
        [ReportProgress(state.sync.progress, entry, brief)]
        if is_unfinished(entry, state.sync.progress)
        else []
    )
    return [*way, *unread_mark(state, entry.report.id)] if brief else way


def unread_mark(state: FieldState, report: UUID) -> list[ft.Control]:
    say = speaker(state.settings.chosen.language)
    news = icon_line(ft.Icons.MARK_EMAIL_UNREAD, say("reports.unread"), theme.INFO)
    return [news] if report in state.reports.unread else []


def fix_badge(state: FieldState, say: Speak) -> ft.Control:
    """The position's accuracy in a colour and in words; a bad one does not stop the worker."""
    fix = state.draft.entry.report.fix if state.draft.entry else None
    if fix:
        return _fix_chip(fix, say)
    if state.draft.locating:
        return chip(ft.Icons.GPS_NOT_FIXED, say("place.locating"), theme.INFO, identifier="fix")
    sight = state.draft.sighting.sight if state.draft.sighting else FixOutcome.UNAVAILABLE
    if sight is FixOutcome.FOUND:  # it was found for the report before
        sight = FixOutcome.UNAVAILABLE
    return chip(ft.Icons.GPS_OFF, say(f"sight.{sight.value}"), theme.WARN, identifier="fix")


def _fix_chip(fix: Fix, say: Speak) -> ft.Control:
    if fix.mock:
        return chip(ft.Icons.PRIORITY_HIGH, say("place.mock"), theme.DANGER, identifier="fix")
    if (metres := fix.radius_m) is None:
        words = say("place.no_accuracy")
        return chip(ft.Icons.GPS_FIXED, words, theme.WARN, identifier="fix")
    word, colour = ("poor", theme.DANGER)
    if metres <= GREEN_M:
        word, colour = ("good", theme.OK)
    elif metres <= AMBER_M:
        word, colour = ("fair", theme.WARN)
    words = say(f"place.{word}", m=round(metres))
    return chip(ft.Icons.GPS_FIXED, words, colour, identifier="fix")


def notice(state: FieldState, say: Speak) -> list[ft.Control]:
    """One sentence about what just happened, above the actions; [] if there is none."""
    code = state.notice
    if not code:
        return []
    kind, _, rest = code.partition(".")
    words = why(say, rest) if kind == "why" else say(code if code in sentences() else "why.other")
    bar = card([strong(words, theme.WARN)], tone=theme.WARN)
    return [announced("notice", bar)]


def flaws_at(state: FieldState, say: Speak, *fields: str) -> list[ft.Control]:
    """What is wrong with these fields of the draft, in words, with the offending piece quoted."""
    return [
        flaw_line(f"flaw-{found.field}", flaw_words(found, say, _piece(state, found)))
        for found in state.draft.flaws
        if found.field.startswith(fields)
    ]


def flaw_text(state: FieldState, say: Speak, field: str) -> str:
    """What is wrong with a field, as one text to stand under its text field; "" if nothing is."""
    found = [flaw for flaw in state.draft.flaws if flaw.field == field]
    return "\n".join(flaw_words(flaw, say, _piece(state, flaw)) for flaw in found)


def flaw_words(found: Flaw, say: Speak, piece: str = "") -> str:
    code = f"flaw.{found.code}"
    return say(code, part=piece) if code in sentences() else say("why.other")


def _piece(state: FieldState, found: Flaw) -> str:
    if not state.draft.entry or found.start is None:
        return ""
    value: object = state.draft.entry.report
    for name in found.field.split("."):
        value = getattr(value, name, "")
    return value[found.start : found.end] if isinstance(value, str) else ""
