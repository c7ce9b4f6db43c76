"""POST /records/{id}/decision: makes a step of a record's case, and goes on to the next record."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from contract.cases import CaseState
from sync_server.casework.case_rules import CaseSettings
from sync_server.casework.review import decide
from sync_server.console.access import needs
from sync_server.console.context import ConsoleContext
from sync_server.console.decision_form import entered_checks, entered_decision, flaw_words
from sync_server.console.forms import BadToken, Form, check_token, read_form
from sync_server.console.listing import badges
from sync_server.console.printer import PRIVATE, now, wording_of
from sync_server.console.record import record_page, row_for
from sync_server.console.record_list import ListView, order_number
from sync_server.console.undo import asked_record
from sync_server.console.unsaved import UNSAVED
from sync_server.domain.case_events import StepKind
from sync_server.domain.cases import DUPLICATE, EVENTS
from sync_server.domain.decisions import Decision
from sync_server.domain.roles import Permission
from sync_server.problems import BadDecision, NotFound, RevisionChanged, StateChanged
from sync_server.store import case_events, records

MOST_NUMBER = 40  # characters of a record's number
WITHIN = frozenset(kind for kind, _ in EVENTS)


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/records/{record}/decision")
    @needs(Permission.READ_RECORDS)
    def show(request: Request, record: UUID) -> Response:
        """The address that stays after a decision was refused, loaded again."""
        url = ListView.read(request.query_params).url(f"/records/{record}")
        return RedirectResponse(url, 303, PRIVATE)

    @router.post("/records/{record}/decision")
    @needs(Permission.HANDLE_CASES)
    def post(request: Request, record: UUID, form: Annotated[Form, Depends(read_form)]) -> Response:
        return decision_response(console, request, record, form)


def decision_response(
    console: ConsoleContext, request: Request, record: UUID, form: Form
) -> Response:
    """Takes the decision, or shows the form again with the reason and what was entered."""
    visitor, wording = console.visitor(request), wording_of(request)
    with console.store.reading() as tx:
        row_for(tx, visitor, record)
    try:
        check_token(form, visitor.csrf)
        decision = decision_of(form)
        settings = CaseSettings.of(console.settings)
        decide(console.store, visitor.staff, str(record), decision, now(), settings)
    except BadToken:  # a page from before the last sign-in: what is written on it is not lost
        entered = entered_decision(form, [wording.say("problem.csrf.kept")])
        return record_page(console, request, record, entered, 403)
    except BadDecision as bad:
        entered = entered_decision(form, flaw_words((bad.code,), wording), bad.spans)
        return record_page(console, request, record, entered, bad.status)
    except (StateChanged, RevisionChanged) as conflict:
        words = [_conflict_words(console, request, record, conflict)]
        return record_page(console, request, record, entered_decision(form, words), conflict.status)
    answer = RedirectResponse(_result_url(console, request, record, form), 303, PRIVATE)
    UNSAVED.delete(console.settings, request, answer)
    return answer


def decision_of(form: Form) -> Decision:
    reason, asked = form.get("reason") or None, form.get("to", "")
    kind = StepKind(asked) if asked in WITHIN else StepKind.MOVE
    names_other = reason == DUPLICATE or asked == CaseState.MERGED
    return Decision(
        to=form.get("seen_state", "") if kind is not StepKind.MOVE else asked,
        kind=kind,
        reason=reason,
        comment=form.get("comment", "").strip(),
        same_as=form.get("same_as", "").strip()[:MOST_NUMBER] or None if names_other else None,
        seen_state=form.get("seen_state", ""),
        seen_revision=order_number(form.get("seen_revision")) or 0,
        seen_digest=form.get("seen_digest", ""),
        seen_step=order_number(form.get("seen_step")),
        assignee=form.get("assignee", "")[:MOST_NUMBER],
        department=form.get("department", "")[:MOST_NUMBER],
        receipt=form.get("receipt", "").strip(),
        checks=entered_checks(form),
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


def _result_url(console: ConsoleContext, request: Request, record: UUID, form: Form) -> str:
    """The next record of the list, with a bar to undo this step; after the last one this record,
    where it shows the new decision as the worker will read it."""
    view, following = ListView.read(request.query_params), asked_record(form.get("next"))
    if following:
        return view.url(f"/records/{following}", undo=record)
    with console.store.reading() as tx:
        last = case_events.last_number(tx, str(record))
    return view.url(f"/records/{record}", decided=last, undo=record)
