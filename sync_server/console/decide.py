"""POST /records/{id}/decision: accept, return with a question, or do not accept."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from sync_server.casework.review import decide
from sync_server.console.case_form import flaw_words, typed
from sync_server.console.context import ConsoleContext
from sync_server.console.forms import Form, check_token, read_form
from sync_server.console.listing import badges
from sync_server.console.printer import PRIVATE, now, reader_of
from sync_server.console.record import record_page, row_for
from sync_server.console.record_list import View, key
from sync_server.domain.cases import Decision
from sync_server.domain.roles import Permission
from sync_server.problems import BadDecision, NotFound, RevisionChanged, StateChanged
from sync_server.store import case_events, records


def routes(router: APIRouter, desk: ConsoleContext) -> None:
    @router.post("/records/{record}/decision")
    def take(request: Request, record: UUID, form: Annotated[Form, Depends(read_form)]) -> Response:
        visitor = desk.visitor(request, Permission.DECIDE)
        check_token(form, visitor.csrf)
        with desk.store.reading() as tx:
            row_for(tx, visitor, record)
        try:
            decide(desk.store, visitor.staff, str(record), decision(form), now())
        except BadDecision as bad:
            words = flaw_words((bad.code,), reader_of(request))
            return record_page(desk, request, record, typed(form, words, bad.spans), bad.status)
        except (StateChanged, RevisionChanged) as conflict:
            back = typed(form, [_overtaken(desk, request, record, conflict)])
            return record_page(desk, request, record, back, conflict.status)
        return RedirectResponse(_told(desk, request, record), 303, PRIVATE)


def decision(form: Form) -> Decision:
    reason = form.get("reason") or None
    return Decision(
        to=form.get("to", ""),
        reason=reason if form.get("to") == "29" else None,
        comment=form.get("comment", "").strip(),
        seen_state=form.get("seen_state", ""),
        seen_revision=key(form.get("seen_revision")) or 0,
        seen_digest=form.get("seen_digest", ""),
    )


def _overtaken(
    desk: ConsoleContext, request: Request, record: UUID, conflict: StateChanged | RevisionChanged
) -> str:
    """Somebody was faster: what changed, in words."""
    reader = reader_of(request)
    with desk.store.reading() as tx:
        row = records.one(tx, str(record))
    if row is None:
        raise NotFound
    state = badges(row, reader)[0].word
    return reader.say(f"conflict.{conflict.code}", state=state, n=row.revision)


def _told(desk: ConsoleContext, request: Request, record: UUID) -> str:
    """The record's own page again, with what the worker will read."""
    with desk.store.reading() as tx:
        events = case_events.of_record(tx, str(record))
    last = events[-1].n if events else None
    return View.read(request.query_params).url(f"/records/{record}", told=last)
