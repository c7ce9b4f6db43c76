"""POST /records/{id}/undo: takes the last step back while no phone can have heard of it; and the
bar that offers it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from sync_server.casework.case_rules import CaseSettings
from sync_server.casework.undo import undo
from sync_server.console.access import needs
from sync_server.console.context import ConsoleContext
from sync_server.console.forms import Form, check_token, read_form
from sync_server.console.printer import PRIVATE, now
from sync_server.console.record_list import ListView, order_number
from sync_server.console.state_badges import Badge, state_badge
from sync_server.console.words import Wording
from sync_server.domain.roles import Permission
from sync_server.problems import StateChanged, UndoTooLate
from sync_server.store import records
from sync_server.store.engine import DatabaseRow, Tx


@dataclass(frozen=True, slots=True)
class UndoBar:
    """Offers to undo step `n` of a record within `seconds`; `badge` is what was decided."""

    record: str
    n: int
    place: str
    badge: Badge
    seconds: int


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/records/{record}/undo")
    @needs(Permission.READ_RECORDS)
    def show(request: Request, record: UUID) -> Response:
        """The address that stays after an undo, loaded again."""
        url = ListView.read(request.query_params).url(f"/records/{record}")
        return RedirectResponse(url, 303, PRIVATE)

    @router.post("/records/{record}/undo")
    @needs(Permission.HANDLE_CASES)
    def post(request: Request, record: UUID, form: Annotated[Form, Depends(read_form)]) -> Response:
        visitor = console.visitor(request)
        check_token(form, visitor.csrf)
        n, done = order_number(form.get("n")) or 0, "done"
        settings = CaseSettings.of(console.settings)
        try:
            undo(console.store, visitor.staff, str(record), n, now(), settings)
        except (StateChanged, UndoTooLate) as late:
            done = late.code
        url = ListView.read(request.query_params).url(f"/records/{record}", undone=done)
        return RedirectResponse(url, 303, PRIVATE)


def undo_bar(tx: Tx, step: DatabaseRow, left: timedelta, wording: Wording) -> UndoBar | None:
    """The bar for a step that can be undone for so long."""
    row = records.one(tx, step.id)
    if row is None:
        return None
    badge = state_badge(step.after, wording.language)
    place = row.place or wording.say("list.no_place")
    return UndoBar(row.id, step.n, place, badge, max(1, round(left.total_seconds())))


def asked_record(written: str | None) -> str | None:
    """The id of a record from the URL; None for what is none."""
    try:
        return str(UUID(written or ""))
    except ValueError:
        return None
