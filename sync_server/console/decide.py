"""POST /records/{id}/decision: accept, return with a question, or do not accept."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from sync_server.casework.review import decide
from sync_server.console.context import ConsoleContext
from sync_server.console.decision_form import entered_decision, flaw_words
from sync_server.console.forms import Form, check_token, read_form
from sync_server.console.listing import badges
from sync_server.console.printer import PRIVATE, now, wording_of
from sync_server.console.record import record_page, row_for
from sync_server.console.record_list import ListView, order_number
from sync_server.domain.cases import NEEDS_REASON, Decision
from sync_server.domain.roles import Permission
from sync_server.problems import BadDecision, NotFound, RevisionChanged, StateChanged
from sync_server.store import case_events, records


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.post("/records/{record}/decision")
    def post(request: Request, record: UUID, form: Annotated[Form, Depends(read_form)]) -> Response:
        visitor = console.visitor(request, Permission.DECIDE)
        check_token(form, visitor.csrf)
        with console.store.reading() as tx:
            row_for(tx, visitor, record)
        try:
            decide(console.store, visitor.staff, str(record), decision_of(form), now())
        except BadDecision as bad:
            words = flaw_words((bad.code,), wording_of(request))
            return record_page(
                console, request, record, entered_decision(form, words, bad.spans), bad.status
            )
        except (StateChanged, RevisionChanged) as conflict:
            words = [_conflict_words(console, request, record, conflict)]
            entered = entered_decision(form, words)
            return record_page(console, request, record, entered, conflict.status)
        return RedirectResponse(_result_url(console, request, record), 303, PRIVATE)


def decision_of(form: Form) -> Decision:
    reason = form.get("reason") or None
    return Decision(
        to=form.get("to", ""),
        reason=reason if form.get("to") in NEEDS_REASON else None,
        comment=form.get("comment", "").strip(),
        seen_state=form.get("seen_state", ""),
        seen_revision=order_number(form.get("seen_revision")) or 0,
        seen_digest=form.get("seen_digest", ""),
    )


def _conflict_words(
    console: ConsoleContext,
    request: Request,
    record: UUID,
    conflict: StateChanged | RevisionChanged,
) -> str:
    """What somebody else changed of the record meanwhile."""
    wording = wording_of(request)
    with console.store.reading() as tx:
        row = records.one(tx, str(record))
    if row is None:
        raise NotFound
    state = badges(row, wording)[0].word
    return wording.say(f"conflict.{conflict.code}", state=state, n=row.revision)


def _result_url(console: ConsoleContext, request: Request, record: UUID) -> str:
    """The record's page, where it shows the new decision as the worker will read it."""
    with console.store.reading() as tx:
        last = case_events.last_number(tx, str(record))
    return ListView.read(request.query_params).url(f"/records/{record}", decided=last)
