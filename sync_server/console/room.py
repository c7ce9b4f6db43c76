"""GET /records/{id}/room: floor and room of a home, masked; POST shows them once for a reason,
keeps others, removes or purges them (rule L4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from sync_server.casework.hand_over import has_form
from sync_server.casework.rooms import (
    SeenRoom,
    keep_room,
    purge_room,
    remove_room,
    room_state,
    view_room,
)
from sync_server.console.access import needs
from sync_server.console.context import ConsoleContext
from sync_server.console.entry_form import CUT, FieldNote, entered, field_notes
from sync_server.console.forms import Form, check_token, read_form
from sync_server.console.printer import PRIVATE, now, wording_of
from sync_server.console.record import row_for
from sync_server.console.record_list import order_number
from sync_server.console.times import shown_time
from sync_server.domain.roles import Permission, Staff
from sync_server.domain.rooms import HomeRoom
from sync_server.problems import BadEntry, NotFound, StateChanged
from sync_server.store.engine import Store

FIELDS = ("deed", "floor", "room", "why")
VIEW = "view"
Deed = Callable[[Store, Staff, SeenRoom, Form, datetime], None]
DEEDS: Mapping[str, Deed] = {
    "keep": lambda store, who, seen, form, at: keep_room(
        store, who, seen, HomeRoom(form["floor"], form["room"]), at
    ),
    "remove": lambda store, who, seen, _, at: remove_room(store, who, seen, at),
    "purge": lambda store, who, seen, _, at: purge_room(store, who, seen, at),
}


@dataclass(frozen=True, slots=True)
class RoomPage:
    """What was entered and not done, what is wrong with it, and what was opened."""

    values: Form = field(default_factory=dict)
    notes: Mapping[str, FieldNote] = field(default_factory=dict)
    found: HomeRoom | None = None
    status: int = 200


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/records/{record}/room")
    @needs(Permission.SEE_ROOMS)
    def show(request: Request, record: UUID) -> Response:
        return room_page(console, request, record, RoomPage())

    @router.post("/records/{record}/room")
    @needs(Permission.SEE_ROOMS)
    def post(request: Request, record: UUID, form: Annotated[Form, Depends(read_form)]) -> Response:
        check_token(form, console.visitor(request).csrf)
        return _done(console, request, record, form)


def seen_room(record: UUID, form: Form) -> SeenRoom:
    """The record and its room as the form was drawn, and the reason that was entered."""
    last = order_number(form.get("last")) or 0
    return SeenRoom(str(record), last, form.get("why", "").strip())


def _done(console: ConsoleContext, request: Request, record: UUID, form: Form) -> Response:
    """Does it, or shows the page again with what is wrong and what was written."""
    values, staff = entered(form, *FIELDS), console.visitor(request).staff
    if form.get(CUT):
        return room_page(console, request, record, RoomPage(values))
    seen, deed = seen_room(record, values | {"last": form.get("last", "")}), values["deed"]
    try:
        if deed == VIEW:
            return _opened(console, request, record, seen)
        if deed not in DEEDS:
            raise NotFound
        DEEDS[deed](console.store, staff, seen, values, now())
    except BadEntry as bad:
        return refused(console, request, record, (values, bad))
    except StateChanged as late:
        note = FieldNote(wording_of(request).say("room.changed"))
        page = RoomPage(values, {"changed": note}, status=late.status)
        return room_page(console, request, record, page)
    return RedirectResponse(f"/records/{record}/room", 303, PRIVATE)


def refused(
    console: ConsoleContext, request: Request, record: UUID, what: tuple[Form, BadEntry]
) -> Response:
    """The page with what was entered and what is wrong with it."""
    values, bad = what
    notes = field_notes(bad, values, wording_of(request))
    return room_page(console, request, record, RoomPage(values, notes, status=bad.status))


def _opened(console: ConsoleContext, request: Request, record: UUID, seen: SeenRoom) -> Response:
    found = view_room(console.store, console.visitor(request).staff, seen, now())
    note = {} if found else {"changed": FieldNote(wording_of(request).say("room.not_opened"))}
    return room_page(console, request, record, RoomPage({"deed": VIEW}, note, found))


def room_page(console: ConsoleContext, request: Request, record: UUID, page: RoomPage) -> Response:
    """The page of a record's room. Raises NotFound for a record that is of no home."""
    wording = wording_of(request)
    with console.store.reading() as tx:
        row = row_for(tx, console.visitor(request), record)
        state = room_state(tx, row)
    if state is None:
        raise NotFound
    values = {
        "title": wording.say("room.title"),
        "section": "records",
        "place": row.place or wording.say("list.no_place"),
        "record": str(record),
        "state": state,
        "at": shown_time(state.at, now(), wording.say) if state.at else None,
        "found": page.found,
        "entry": dict.fromkeys(FIELDS, "") | page.values,
        "notes": page.notes,
        "prints": has_form(row),
    }
    return console.printer.page(request, "room.html", values, page.status)
