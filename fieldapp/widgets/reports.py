"""A report on one card: its place, its state, and the one line that matters now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import flet as ft

from contract.cases import CaseState
from contract.codelists import CodeLists
from contract.place import Place
from contract.visible_text import has_visible
from fieldapp.report.entry import Entry, Stage
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Tap
from fieldapp.widgets.parts import card, chip, wrapping_row
from fieldapp.widgets.text import body, strong
from fieldapp.widgets.times import when


def place_line(place: Place, say: Speak) -> str:
    inside = (place.building, place.unit, place.floor, place.room)
    door = "".join(part for part in inside if part and has_visible(part))
    parts = (place.compound_name, door, place.landmark)
    return " ".join(part for part in parts if has_visible(part)) or say("review.nothing")


def state_chip(entry: Entry, say: Speak, lists: CodeLists, identifier: str = "") -> ft.Control:
    code = state_code(entry)
    trio = theme.STATES.get(code, theme.STATES[CaseState.REPORTED])
    word = say(trio.word) if trio.word else lists.word("case_state", code, say("lang"))
    return chip(trio.icon, word, trio.colour, identifier=identifier)


def state_code(entry: Entry) -> str:
    """The code of the bureau's last answer while it is about what was sent; else the stage on the
    phone, or DISPUTED as the receipt says."""
    if entry.stage is Stage.REVIEWED and entry.answers:
        return entry.answers[-1].state
    if entry.stage is Stage.DELIVERED and entry.receipt and entry.receipt.outcome == "DISPUTED":
        return "DISPUTED"
    return entry.stage.value


def news_line(entry: Entry, say: Speak, lists: CodeLists) -> str:
    """What the bureau said last, in one line; "" if nothing."""
    if entry.stage is Stage.REVIEWED and entry.answers:
        answer = entry.answers[-1]
        reason = lists.word("reject_reason", answer.reason, say("lang")) if answer.reason else ""
        return " · ".join(part for part in (reason, answer.comment) if part) or say("what.answered")
    if entry.stage is Stage.DELIVERED and entry.receipt:
        return say("sync.receipt", number=entry.receipt.number)
    return say("sync.refused") if entry.stage is Stage.REFUSED else ""


@dataclass(frozen=True, slots=True)
class CardContext:
    """What a card needs besides its report: the worker's language, the code lists, the time."""

    say: Speak
    lists: CodeLists
    now: datetime


def report_card(
    entry: Entry, tap: Tap, reader: CardContext, progress: Sequence[ft.Control] = ()
) -> ft.Control:
    say, lists = reader.say, reader.lists
    parts = (when(say, entry.report.seen_at, reader.now), news_line(entry, say, lists))
    return card(
        [
            wrapping_row(
                strong(place_line(entry.report.place, say)), state_chip(entry, say, lists)
            ),
            body(" · ".join(part for part in parts if part), theme.MUTED),
            *progress,
        ],
        identifier=f"report-{entry.report.id}",
        tap=tap,
    )
