"""GET /complaints/{number}: one complaint; POST …/lead puts it to a lead, …/answer writes its
answer, …/returned notes that the answer went back the way the complaint came."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from contract.codelists import built_in
from contract.zone import ZONE
from sync_server.casework.complaints import Seen, answer_complaint, mark_returned, put_to_lead
from sync_server.casework.same_place import same_place
from sync_server.console.access import needs
from sync_server.console.complaint_view import (
    Office,
    complaint_card,
    drafted_answer,
    similar_view,
    tasks_of,
)
from sync_server.console.complaints import office_of
from sync_server.console.context import ConsoleContext
from sync_server.console.entry_form import CUT, FieldNote, entered, field_notes
from sync_server.console.forms import Form, check_token, read_form
from sync_server.console.printer import PRIVATE, now, wording_of
from sync_server.console.record_list import order_number
from sync_server.console.times import shown_time
from sync_server.domain.roles import Permission, Staff
from sync_server.intake.desk_report import receive_complaint
from sync_server.problems import BadEntry, NotFound, StateChanged
from sync_server.store import complaints, records, tombstones
from sync_server.store.engine import DatabaseRow, Store, Tx

FIELDS = ("answer", "lead", "venue")
Deed = Callable[[Store, Staff, Seen, Form, datetime], None]
DEEDS: Mapping[str, Deed] = {
    "lead": lambda store, who, seen, form, at: put_to_lead(store, who, seen, form["lead"], at),
    "answer": lambda store, who, seen, form, at: answer_complaint(
        store, who, seen, form["answer"], at
    ),
    "case": lambda store, who, seen, form, at: _make_lead(store, who, seen, form["venue"], at),
    "returned": lambda store, who, seen, _, at: mark_returned(store, who, seen, at),
}


@dataclass(frozen=True, slots=True)
class Written:
    """What was entered and not kept, what is wrong with it, and the status of the page."""

    values: Form
    notes: Mapping[str, FieldNote] = field(default_factory=dict)
    status: int = 200


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/complaints/{number}")
    @needs(Permission.READ_EVERYWHERE)
    def show(request: Request, number: str) -> Response:
        try:
            return _page(console, request, number)
        except NotFound:
            return _purged(console, request, number[:40])

    @router.get("/complaints/{number}/{deed}")
    @needs(Permission.READ_EVERYWHERE)
    def again(number: str, deed: str) -> Response:
        """The address that stays after a refusal, loaded again."""
        return RedirectResponse(f"/complaints/{number}", 303, PRIVATE)

    @router.post("/complaints/{number}/{deed}")
    @needs(Permission.TAKE_IN)
    def post(
        request: Request, number: str, deed: str, form: Annotated[Form, Depends(read_form)]
    ) -> Response:
        if deed not in DEEDS:
            raise NotFound
        return _done(console, request, (number[:40], DEEDS[deed]), form)


def _make_lead(store: Store, who: Staff, seen: Seen, venue: str, at: datetime) -> None:
    """Straight to a case: the complaint becomes a lead of its own. Raises as `put_to_lead`, and
    BadEntry if no kind of venue was chosen."""
    with store.reading() as tx:
        row = complaints.one(tx, seen[0])
    if row is None:
        raise NotFound
    if row.version != seen[1]:
        raise StateChanged
    if venue not in built_in().offered("venue"):
        raise BadEntry({"venue": ("venue_needed", ())})
    receipt = receive_complaint(store, who, row, venue, at)
    put_to_lead(store, who, seen, receipt.number, at)


def _done(
    console: ConsoleContext, request: Request, what: tuple[str, Deed], form: Form
) -> Response:
    """Does it, or shows the page again with what is wrong and what was written."""
    visitor, (number, deed) = console.visitor(request), what
    check_token(form, visitor.csrf)
    values = entered(form, *FIELDS)
    if form.get(CUT):
        return _page(console, request, number, Written(values))
    try:
        seen = (number, order_number(form.get("version")) or 0)
        deed(console.store, visitor.staff, seen, values, now())
    except BadEntry as bad:
        notes = field_notes(bad, values, wording_of(request))
        return _page(console, request, number, Written(values, notes, bad.status))
    except StateChanged as conflict:
        note = FieldNote(wording_of(request).say("complaint.conflict"))
        written = Written(values, {"changed": note}, conflict.status)
        return _page(console, request, number, written)
    return RedirectResponse(f"/complaints/{number}", 303, PRIVATE)


def _purged(console: ConsoleContext, request: Request, number: str) -> Response:
    """Says when a complaint was purged. Raises NotFound for a number that there never was."""
    with console.store.reading() as tx:
        at = tombstones.purged_at(tx, tombstones.COMPLAINT, number)
    if at is None:
        raise NotFound
    say, day = wording_of(request).say, at.astimezone(ZONE).date().isoformat()
    text = say("complaint.purged.intro", number=number, day=day)
    values = {"title": say("complaint.purged"), "text": text, "at_home": False}
    return console.printer.page(request, "message.html", values, 410)


def _page(
    console: ConsoleContext, request: Request, number: str, written: Written | None = None
) -> Response:
    with console.store.reading() as tx:
        row = complaints.one(tx, number[:40])
        if row is None:
            raise NotFound
        office = office_of(console, request, tx)
        shown = _shown(tx, row, office)
        drafted = "" if row.answer else drafted_answer(tx, row, office)
    values, status = (written.values, written.status) if written else ({}, 200)
    answer = values.get("answer") or row.answer or drafted
    shown |= {
        "title": row.address,
        "section": "complaints",
        "entry": {"answer": answer, "lead": values.get("lead", "")},
        "notes": written.notes if written else {},
        "may": Permission.TAKE_IN in request.state.visitor.permissions,
        "editing": bool(values.get("answer")) or not row.answer,
    }
    return console.printer.page(request, "complaint.html", shown, status)


def _shown(tx: Tx, row: DatabaseRow, office: Office) -> dict[str, Any]:
    states, cards = tasks_of(tx, row.complaint, office)
    say = office.wording.say
    times = {
        name: shown_time(at, office.now, say) if (at := getattr(row, name)) else None
        for name in ("taken_at", "answered_at", "returned_at")
    }
    return {
        "row": row,
        "card": complaint_card(row, states, office),
        "tasks": cards,
        "lead": records.one(tx, row.record) if row.record else None,
        "times": times,
        "similar": similar_view(tx, same_place(tx, row.address), office, row.complaint),
        "venues": [
            (code, office.wording.word("venue", code)) for code in built_in().offered("venue")
        ],
    }
