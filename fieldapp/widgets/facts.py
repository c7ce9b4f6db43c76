"""What a report says, as a list of names and values."""

from collections.abc import Iterator
from datetime import datetime

import flet as ft

from contract.codelists import CodeLists
from contract.report import Report
from fieldapp.ui.words import Speak
from fieldapp.widgets.parts import card
from fieldapp.widgets.reports import place_line
from fieldapp.widgets.text import body, muted
from fieldapp.widgets.times import when


def facts(report: Report, say: Speak, lists: CodeLists, now: datetime) -> list[ft.Control]:
    rows = [fact(say(name), value) for name, value in _lines(report, say, lists, now) if value]
    return [card(rows, identifier="facts")]


def fact(name: str, value: str) -> ft.Control:
    return ft.Row(
        [
            ft.Container(muted(name), width=92),
            ft.Container(body(value), expand=True),
        ],
        spacing=8,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _lines(
    report: Report, say: Speak, lists: CodeLists, now: datetime
) -> Iterator[tuple[str, str]]:
    language = say("lang")

    def words(name: str, *codes: str | None) -> str:
        return say("list.comma").join(lists.word(name, code, language) for code in codes if code)

    yield "field.kind", words("obs_type", report.kind.value)
    yield "field.place", place_line(report.place, say)
    yield "field.venue", words("venue", report.place.venue)
    yield "field.signs", words("sign", *report.signs)
    yield "field.count", words("count_band", report.count_band)
    yield "field.disguises", words("disguise", *report.disguises)
    yield "field.subjects", words("subject", *report.subjects)
    yield "field.institution", report.institution
    yield "field.note", report.note
    if report.fix:
        metres = report.fix.radius_m
        around = "\n" + say("place.around", m=round(metres)) if metres is not None else ""
        yield "field.fix", f"{report.fix.lat:.5f}, {report.fix.lon:.5f}{around}"
    yield "field.seen_at", when(say, report.seen_at, now)
