"""Forms in which people at the bureau write about a place: what is wrong with a field is said
beside it, and what may not stand in a text is marked and cut with one tap."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from contract.screening import Span, cut
from sync_server.console.context import ConsoleContext
from sync_server.console.decision_form import MarkedText
from sync_server.console.forms import Form, check_token
from sync_server.console.printer import PRIVATE, wording_of
from sync_server.console.words import Wording, say_known
from sync_server.domain.roles import Staff
from sync_server.problems import BadEntry

CUT = "cut"  # the button's name; its value is field:start:end


@dataclass(frozen=True, slots=True)
class FieldNote:
    """What is wrong with one field; `cut` is the value of the button that takes the marked stretch
    out, "" if there is nothing to cut."""

    message: str
    marked: MarkedText | None = None
    cut: str = ""


def field_notes(bad: BadEntry, form: Form, wording: Wording) -> dict[str, FieldNote]:
    """A note for each field that was not taken."""
    found = {}
    for field, (code, spans) in bad.flaws.items():
        message = say_known(wording.say, f"flaw.{code}", "flaw.other", code=code)
        text = form.get(field, "")
        marked = next((_marked(text, *span) for span in spans), None)
        button = next((f"{field}:{start}:{end}" for start, end in spans), "")
        found[field] = FieldNote(message, marked, button)
    return found


def entered(form: Form, *fields: str) -> Form:
    """These fields of a posted form, without blanks at their ends; what was to be cut is cut."""
    values = {name: form.get(name, "").strip() for name in fields}
    name, _, stretch = form.get(CUT, "").partition(":")
    start, _, end = stretch.partition(":")
    if name in values and start.isdecimal() and end.isdecimal():
        at, to = int(start[:6]), int(end[:6])
        if at < to <= len(values[name]):
            values[name] = cut(values[name], Span(at, to, ""))
    return values


def read_day(written: str) -> date | None:
    """A day as a browser sends it (2026-11-30); None for none, or for what is no day."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class EntryForm:
    """One form: its `fields`; `take`, which returns the address to go on to, or raises BadEntry;
    and `show`, which draws it with what was entered, notes, and a status."""

    fields: Sequence[str]
    take: Callable[[Staff, Form], str]
    show: Callable[[Form, dict[str, FieldNote], int], Response]

    def submit(self, console: ConsoleContext, request: Request, posted: Form) -> Response:
        """Takes what was entered, or shows it again with what is wrong, or with a stretch cut."""
        visitor = console.visitor(request)
        check_token(posted, visitor.csrf)
        values = entered(posted, *self.fields)
        if posted.get(CUT):
            return self.show(values, {}, 200)
        try:
            url = self.take(visitor.staff, values)
        except BadEntry as bad:
            return self.show(values, field_notes(bad, values, wording_of(request)), bad.status)
        return RedirectResponse(url, 303, PRIVATE)


def _marked(text: str, start: int, end: int) -> MarkedText:
    return MarkedText(text[:start], text[start:end], text[end:])
