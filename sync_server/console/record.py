"""GET /records/{id}: one record beside the list; in a narrow window the record alone."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from sync_server.console.context import ConsoleContext
from sync_server.console.decision_form import EnteredDecision, decision_form
from sync_server.console.printer import now, wording_of
from sync_server.console.record_list import ListView, order_number, record_list
from sync_server.console.record_parts import report_of, tiles
from sync_server.console.record_view import RecordView, UnsavedDecision, flash, record_view
from sync_server.console.sessions import Visitor
from sync_server.console.state_badges import state_badge
from sync_server.console.words import Wording
from sync_server.domain.cases import moves
from sync_server.domain.roles import Permission
from sync_server.problems import NotAllowed, NotFound
from sync_server.store import inbox, photos, records
from sync_server.store.engine import DatabaseRow, Tx


@dataclass(frozen=True, slots=True)
class PageContext:
    """Who looks, the list beside the record, the language, and the time of the request."""

    visitor: Visitor
    view: ListView
    wording: Wording
    time: datetime


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/records/{record}")
    def show(request: Request, record: UUID) -> Response:
        return record_page(console, request, record)


def record_page(
    console: ConsoleContext,
    request: Request,
    record: UUID,
    entered: EnteredDecision = EnteredDecision(),
    status: int = 200,
) -> Response:
    """The page of one record; `entered` is a decision that was not accepted, to be shown again."""
    visitor = console.visitor(request, Permission.READ_RECORDS)
    context = PageContext(visitor, ListView.read(request.query_params), wording_of(request), now())
    with console.store.reading() as tx:
        row = row_for(tx, visitor, record)
        shown = record_view(tx, row, context.time, context.wording)
        shown = with_photos(console, tx, row, shown, context)
        shown = with_links(tx, row, shown, context)
        limit = visitor.only_community
        values = record_list(tx, context.view, limit, context.time, context.wording)
    decided = order_number(request.query_params.get("decided"))
    shown = replace(shown, flash=flash(shown.events, decided, context.wording))
    values |= {"title": shown.title, "record": with_form(row, shown, context, entered)}
    return console.printer.page(request, "inbox.html", values, status)


def row_for(tx: Tx, visitor: Visitor, record: UUID) -> DatabaseRow:
    """The record's row. Raises NotFound, or NotAllowed for a record that this visitor may not
    see."""
    row = records.one(tx, str(record))
    if row is None:
        raise NotFound
    if visitor.only_community not in (None, row.community):
        raise NotAllowed
    return row


def with_photos(
    console: ConsoleContext, tx: Tx, row: DatabaseRow, shown: RecordView, context: PageContext
) -> RecordView:
    """Adds a tile for each photo, finished or not, for visitors who may see photos."""
    if Permission.SEE_PHOTOS not in context.visitor.permissions:
        return shown
    report = report_of(row)
    digests = [photo.sha256 for photo in report.photos]
    uploads = photos.open_uploads(tx, [row.device], digests, context.time)
    received = {sha256: console.photos.reached(upload) for (_, sha256), upload in uploads.items()}
    found = tiles(report, photos.stored(tx, digests), received, context.wording)
    unfinished = sum(not tile.is_finished for tile in found)
    return replace(shown, tiles=found, unfinished_photos=unfinished, sees_photos=True)


def with_links(tx: Tx, row: DatabaseRow, shown: RecordView, context: PageContext) -> RecordView:
    """Adds the links back to the list and on to the next record in it."""
    only_community = context.visitor.only_community
    record_filter = context.view.filter.record_filter(context.time, only_community)
    after = inbox.next_older(tx, record_filter, row.seq)
    next_url = context.view.url(f"/records/{after}") if after else ""
    return replace(shown, back=context.view.url("/inbox"), next=next_url)


def with_form(
    row: DatabaseRow, shown: RecordView, context: PageContext, entered: EnteredDecision
) -> RecordView:
    """Adds the decision form, or a sentence on why there is none."""
    say = context.wording.say
    if Permission.DECIDE not in context.visitor.permissions:
        return replace(shown, closed=say("decide.readonly"))
    states = moves(context.visitor.staff.role, row.state) if row.withdrawn_at is None else ()
    if states:
        action = context.view.url(f"/records/{row.id}/decision")
        form = decision_form(action, row, states, entered, context.wording)
        return replace(shown, form=form)
    state = state_badge(row.state, context.wording.language).word
    if row.withdrawn_at is not None:
        state = say("state.withdrawn")
    unsaved = None
    if entered.messages:
        unsaved = UnsavedDecision(" ".join(entered.messages), entered.comment)
    return replace(shown, closed=say("decide.closed", state=state), unsaved=unsaved)
