"""The chips in the head of a screen: the road home, the position, the notice of the moment."""

from uuid import UUID

import flet as ft

from contract.place import AMBER_M, GREEN_M, Fix
from contract.rules import Flaw
from fieldapp.ports import FixOutcome
from fieldapp.report.entry import Entry
from fieldapp.screens.progress import HowFar, SyncBadge, unfinished
from fieldapp.screens.remedies import holding, remedy
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak, sentences, speaker, why
from fieldapp.widgets.buttons import button, pressed, then
from fieldapp.widgets.gauge import sign
from fieldapp.widgets.parts import card, chip, flaw_line
from fieldapp.widgets.reports import CardContext
from fieldapp.widgets.text import aloud, body, strong


def reader_of(state: FieldState, say: Speak) -> CardContext:
    return CardContext(say, state.lists, state.now())


def badge_button(state: FieldState) -> ft.Control:
    """How the road home stands; a tap shows all of it."""
    box = ft.Container(
        SyncBadge(state.traffic),
        on_click=then(state.look_at_sync),
        padding=ft.Padding.symmetric(vertical=10),
    )
    return pressed("sync", box, live=True)


def sync_trouble(state: FieldState, say: Speak) -> list[ft.Control]:
    """What keeps things here, and what can be done where waiting does not help."""
    code = holding(state)
    if not code or code == "undo":
        return []
    told: list[ft.Control] = [aloud("trouble", body(why(say, code), theme.WARN))]
    if remedy(code).button == "enrol":
        words = say("enrol.again")
        told.append(button("enrol-again", words, then(state.enrol_again), "quiet", height=56))
    return told


def on_its_way(state: FieldState, entry: Entry, *, brief: bool = False) -> list[ft.Control]:
    """How far a report is, while something of it is on the phone alone; and in a list, whether
    there is something that nobody has read."""
    way = [HowFar(state.traffic, entry, brief)] if unfinished(entry, state.traffic) else []
    return [*way, *unread(state, entry.report.id)] if brief else way


def unread(state: FieldState, report: UUID) -> list[ft.Control]:
    say = speaker(state.settings.language)
    news = sign(ft.Icons.MARK_EMAIL_UNREAD, say("reports.unread"), theme.INFO)
    return [news] if report in state.unread else []


def fix_badge(state: FieldState, say: Speak) -> ft.Control:
    """The position in three colours and in words; none of them stops anybody."""
    fix = state.draft.report.fix if state.draft else None
    if fix:
        return _fix_chip(fix, say)
    if state.locating:
        return chip(ft.Icons.GPS_NOT_FIXED, say("place.locating"), theme.INFO, identifier="fix")
    sight = state.sighting.sight if state.sighting else FixOutcome.UNAVAILABLE
    if sight is FixOutcome.FOUND:  # it belongs to the report before
        sight = FixOutcome.UNAVAILABLE
    return chip(ft.Icons.GPS_OFF, say(f"sight.{sight.value}"), theme.WARN, identifier="fix")


def _fix_chip(fix: Fix, say: Speak) -> ft.Control:
    if fix.mock:
        return chip(ft.Icons.PRIORITY_HIGH, say("place.mock"), theme.DANGER, identifier="fix")
    metres = fix.accuracy_m if fix.accuracy_m is not None else 999
    word, colour = ("poor", theme.DANGER)
    if metres <= GREEN_M:
        word, colour = ("good", theme.OK)
    elif metres <= AMBER_M:
        word, colour = ("fair", theme.WARN)
    words = say(f"place.{word}", m=round(metres))
    return chip(ft.Icons.GPS_FIXED, words, colour, identifier="fix")


def notice(state: FieldState, say: Speak) -> list[ft.Control]:
    """One sentence about what just happened, above the actions; nothing when nothing did."""
    code = state.notice
    if not code:
        return []
    kind, _, rest = code.partition(".")
    words = why(say, rest) if kind == "why" else say(code) if code in sentences() else code
    bar = card([strong(words, theme.WARN)], outline=theme.WARN, edge=2)
    return [aloud("notice", bar)]


def flaws_at(state: FieldState, say: Speak, *fields: str) -> list[ft.Control]:
    """What is wrong with these fields of the draft, in words, with the offending piece quoted."""
    return [
        flaw_line(f"flaw-{found.field}", flaw_words(found, say, _piece(state, found)))
        for found in state.flaws
        if found.field.startswith(fields)
    ]


def wrong_with(state: FieldState, say: Speak, field: str) -> str:
    """The same, as one text to stand under a text field."""
    found = [flaw for flaw in state.flaws if flaw.field == field]
    return "\n".join(flaw_words(flaw, say, _piece(state, flaw)) for flaw in found)


def flaw_words(found: Flaw, say: Speak, piece: str = "") -> str:
    code = f"flaw.{found.code}"
    return say(code, part=piece) if code in sentences() else say("why.other", code=found.code)


def _piece(state: FieldState, found: Flaw) -> str:
    if not state.draft or found.start is None:
        return ""
    value: object = state.draft.report
    for name in found.field.split("."):
        value = getattr(value, name, "")
    return value[found.start : found.end] if isinstance(value, str) else ""
