"""GET /complaints: what people complained of, and until when it is to be answered; /complaints/new
takes one in, and /complaints/similar says while the address is typed what is open there."""

from datetime import date
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from contract.zone import ZONE
from sync_server.casework.complaints import take_complaint
from sync_server.casework.same_place import same_place
from sync_server.console.access import needs
from sync_server.console.complaint_view import Office, complaint_cards, similar_view
from sync_server.console.context import ConsoleContext
from sync_server.console.entry_form import EntryForm, FieldNote, read_day
from sync_server.console.forms import Form, read_form
from sync_server.console.key_pages import SIZE, KeyPage, address, page_of, read_key
from sync_server.console.printer import PRIVATE, now, wording_of
from sync_server.domain.complaints import MOST_ADDRESS, Channel, NewComplaint
from sync_server.domain.roles import Permission, Staff
from sync_server.store import complaints
from sync_server.store.calendar import work_calendar
from sync_server.store.engine import Tx

RETURNED = "returned"
FIELDS = ("channel", "reference", "came", "address", "text")


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/complaints")
    @needs(Permission.READ_EVERYWHERE)
    def show(request: Request) -> Response:
        return _list(console, request)

    @router.get("/complaints/new")
    @needs(Permission.TAKE_IN)
    def begin(request: Request) -> Response:
        address = request.query_params.get("address", "")[:MOST_ADDRESS]
        today = now().astimezone(ZONE).date().isoformat()
        values = dict.fromkeys(FIELDS, "") | {"came": today, "address": address}
        return _form(console, request, values, {}, 200)

    @router.get("/complaints/similar")
    @needs(Permission.TAKE_IN)
    def similar(request: Request) -> Response:
        return _similar(console, request)

    @router.post("/complaints")
    @needs(Permission.TAKE_IN)
    def take(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
        entry = EntryForm(FIELDS, partial(_take, console), partial(_form, console, request))
        return entry.submit(console, request, form)


def office_of(console: ConsoleContext, request: Request, tx: Tx) -> Office:
    """The calendar, the working days for an answer, the time, and the language."""
    days = console.settings.levels.complaint
    return Office(work_calendar(tx), days, now(), wording_of(request))


def _list(console: ConsoleContext, request: Request) -> Response:
    """Those that have to be answered; with ?of=returned those that were."""
    wording, asked = wording_of(request), request.query_params
    folder = RETURNED if asked.get("of") == RETURNED else ""
    after = read_key(asked.get("after"), date.fromisoformat)
    with console.store.reading() as tx:
        page = _found(tx, folder, after)
        cards = complaint_cards(tx, page.rows, office_of(console, request, tx))
    values = {
        "title": wording.say("complaint.title"),
        "section": "complaints",
        "cards": cards,
        "page": page,
        "begun": after is not None,
        "folders": [
            (address("/complaints", of=one), wording.say(f"complaint.folder.{one or 'open'}"))
            for one in ("", RETURNED)
        ],
        "folder": address("/complaints", of=folder),
        "empty": wording.say("complaint.none_returned" if folder else "complaint.empty"),
        "may_take": Permission.TAKE_IN in request.state.visitor.permissions,
    }
    return console.printer.page(request, "complaints.html", values)


def _found(tx: Tx, folder: str, after: tuple[date, str] | None) -> KeyPage:
    listed = complaints.returned_ones if folder else complaints.open_ones
    return page_of(
        listed(tx, after, SIZE + 1),
        lambda key: address("/complaints", of=folder, after=key),
        lambda row: (row.came, row.complaint),
    )


def _similar(console: ConsoleContext, request: Request) -> Response:
    """A part of the page while somebody types; the page itself for whoever opens the address."""
    address = request.query_params.get("address", "").strip()[:MOST_ADDRESS]
    if not request.headers.get("hx-request"):
        url = f"/complaints/new?{urlencode({'address': address})}"
        return RedirectResponse(url, 303, PRIVATE)
    with console.store.reading() as tx:
        office = office_of(console, request, tx)
        view = similar_view(tx, same_place(tx, address), office) if address else None
    return console.printer.page(request, "similar.html", {"similar": view})


def _take(console: ConsoleContext, staff: Staff, values: Form) -> str:
    new = NewComplaint(
        channel=values["channel"],
        reference=values["reference"],
        came=read_day(values["came"]),
        address=values["address"],
        text=values["text"],
    )
    return f"/complaints/{take_complaint(console.store, staff, new, now())}"


def _form(
    console: ConsoleContext,
    request: Request,
    values: Form,
    notes: dict[str, FieldNote],
    status: int,
) -> Response:
    with console.store.reading() as tx:
        office = office_of(console, request, tx)
        names = [row.name for row in complaints.known_compounds(tx)]
        address = values["address"][:MOST_ADDRESS]
        view = similar_view(tx, same_place(tx, address), office) if address else None
    say = office.wording.say
    shown = {
        "title": say("complaint.new"),
        "section": "complaints",
        "entry": values,
        "notes": notes,
        "channels": [(one.value, say(f"channel.{one}")) for one in Channel],
        "compounds": names,
        "similar": view,
    }
    return console.printer.page(request, "complaint_new.html", shown, status)
