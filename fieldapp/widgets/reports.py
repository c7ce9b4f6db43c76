"""A report on one card: its place, its state, and the one line that matters now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import flet as ft

from contract.cases import CaseState
from contract.codelists import CodeLists
from contract.place import Place
from contract.protocol import UNREADABLE
from contract.report import Kind
from contract.visible_text import beside, has_visible
from fieldapp.report.entry import Entry, Stage
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import Tap
from fieldapp.widgets.parts import card, chip, row, wrapping_row
from fieldapp.widgets.text import body, strong
from fieldapp.widgets.times import when


def place_line(place: Place, say: Speak) -> str:
    inside = (place.building, place.unit, place.floor, place.room)
    door = "".join(part for part in inside if part and has_visible(part))
    parts = (place.compound_name, door, place.landmark)
    return " ".join(beside(part) for part in parts if has_visible(part)) or say("review.nothing")


def state_chip(entry: Entry, say: Speak, lists: CodeLists, identifier: str = "") -> ft.Control:
    return code_chip(state_code(entry), say, lists, identifier)


def code_chip(code: str, say: Speak, lists: CodeLists, identifier: str = "") -> ft.Control:
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
        if answer.state == UNREADABLE:
            return say("what.unreadable")
        reason = lists.word("reject_reason", answer.reason, say("lang")) if answer.reason else ""
        words = " · ".join(beside(part) for part in (reason, answer.comment) if part)
        return words or say("what.answered")
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
    return card(_lines(entry, reader, progress), identifier=f"report-{entry.report.id}", tap=tap)


def report_row(
    entry: Entry, tap: Tap, reader: CardContext, progress: Sequence[ft.Control] = ()
) -> ft.Control:
    """The same as a row of `rows_card`."""
    return row(_lines(entry, reader, progress), f"report-{entry.report.id}", tap)


def _lines(entry: Entry, reader: CardContext, progress: Sequence[ft.Control]) -> list[ft.Control]:
    say, lists = reader.say, reader.lists
    kind = entry.report.kind
    sort = lists.word("obs_type", kind.value, say("lang")) if kind is not Kind.SITE else ""
    parts = (sort, when(say, entry.report.seen_at, reader.now), news_line(entry, say, lists))
    return [
        wrapping_row(strong(place_line(entry.report.place, say)), state_chip(entry, say, lists)),
        body(" · ".join(beside(part) for part in parts if part), theme.MUTED),
        *progress,
    ]
