"""GET /records/{id}: one record beside the list; in a narrow window the record alone."""

import logging
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
from sync_server.private_traceback import private_traceback
from sync_server.problems import NotAllowed, NotFound
from sync_server.store import inbox, photos, records
from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import NoAnswer, ReadRow, UnreadableRow

log = logging.getLogger("xuncha")


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
    decided = order_number(request.query_params.get("decided"))
    with console.store.reading() as tx:
        row = row_to_show(tx, visitor, record)
        limit = visitor.only_community
        values = record_list(tx, context.view, limit, context.time, context.wording)
        values |= _pane(console, tx, row, context, (entered, decided))
    return console.printer.page(request, "inbox.html", values, status)


def _pane(
    console: ConsoleContext,
    tx: Tx,
    row: ReadRow,
    context: PageContext,
    form: tuple[EnteredDecision, int | None],
) -> dict[str, object]:
    """The values of inbox.html that are about the record: its view, or for one that cannot be shown
    a sentence with its number. `form`: what was entered, and the step that was just decided."""
    if isinstance(row, UnreadableRow):
        return _unshown(row.key.number, context)
    try:
        shown = record_view(tx, row, context.time, context.wording)
        shown = with_photos(console, tx, row, shown, context)
        shown = with_links(tx, row, shown, context)
        shown = replace(shown, flash=flash(shown.events, form[1], context.wording))
        return {"title": shown.title, "record": with_form(row, shown, context, form[0])}
    except NoAnswer:
        raise
    except Exception as error:
        log.error("record %r cannot be shown: %s", row.number, private_traceback(error))
        return _unshown(row.number, context)


def _unshown(number: str, context: PageContext) -> dict[str, object]:
    words = context.wording.say("record.unshown", number=number)
    return {"title": number, "record": None, "unshown": words}


def row_to_show(tx: Tx, visitor: Visitor, record: UUID) -> ReadRow:
    """The record's row, which may be one that cannot be read. Raises NotFound, or NotAllowed for a
    record that this visitor may not see."""
    row = records.one_to_show(tx, str(record))
    if row is None:
        raise NotFound
    community = row.key.community if isinstance(row, UnreadableRow) else row.community
    if visitor.only_community not in (None, community):
        raise NotAllowed
    return row


def row_for(tx: Tx, visitor: Visitor, record: UUID) -> DatabaseRow:
    """The same, to work with. Raises NotFound for a row that cannot be read, too."""
    row = row_to_show(tx, visitor, record)
    if isinstance(row, UnreadableRow):
        raise NotFound
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
