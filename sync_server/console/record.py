"""GET /records/{id}: one lead beside the list; on a narrow window it stands alone."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from sync_server.console.case_form import Typed, decision_form
from sync_server.console.context import ConsoleContext
from sync_server.console.printer import now, reader_of
from sync_server.console.record_list import View, key, record_list
from sync_server.console.record_parts import report_of, tiles
from sync_server.console.record_view import RecordView, UnsavedDecision, flash, record_view
from sync_server.console.sessions import Visitor
from sync_server.console.sheet import Wording
from sync_server.console.state_badges import state_badge
from sync_server.domain.cases import moves
from sync_server.domain.roles import Permission
from sync_server.problems import NotAllowed, NotFound
from sync_server.store import inbox, photos, records
from sync_server.store.engine import DatabaseRow, Tx


@dataclass(frozen=True, slots=True)
class PageContext:
    """Who looks, at which list, in which language, when."""

    visitor: Visitor
    view: View
    reader: Wording
    time: datetime


def routes(router: APIRouter, desk: ConsoleContext) -> None:
    @router.get("/records/{record}")
    def show(request: Request, record: UUID) -> Response:
        return record_page(desk, request, record)


def record_page(
    desk: ConsoleContext, request: Request, record: UUID, typed: Typed = Typed(), status: int = 200
) -> Response:
    """The page of one record; `typed` is what came back with a decision that was not taken."""
    visitor = desk.visitor(request, Permission.READ_RECORDS)
    glance = PageContext(visitor, View.read(request.query_params), reader_of(request), now())
    with desk.store.reading() as tx:
        row = row_for(tx, visitor, record)
        shown = with_photos(desk, tx, row, record_view(tx, row, glance.time, glance.reader), glance)
        shown = with_links(tx, row, shown, glance)
        things = record_list(tx, glance.view, visitor.only, glance.time, glance.reader)
    told = key(request.query_params.get("told"))
    shown = replace(shown, flash=flash(shown.events, told, glance.reader))
    things |= {"title": shown.title, "lead": with_form(row, shown, glance, typed)}
    return desk.printer.page(request, "inbox.html", things, status)


def row_for(tx: Tx, visitor: Visitor, record: UUID) -> DatabaseRow:
    """Raises NotFound, or NotAllowed for a record of another community."""
    row = records.one(tx, str(record))
    if row is None:
        raise NotFound
    if visitor.only is not None and row.community != visitor.only:
        raise NotAllowed
    return row


def with_photos(
    desk: ConsoleContext, tx: Tx, row: DatabaseRow, shown: RecordView, glance: PageContext
) -> RecordView:
    """Tiles of what is here and what is on the way, for those who may see photos."""
    if Permission.SEE_PHOTOS not in glance.visitor.permissions:
        return shown
    report = report_of(row)
    digests = [photo.sha256 for photo in report.photos]
    ways = photos.open_uploads(tx, [row.device], digests, glance.time)
    sent = {sha256: desk.photos.reached(upload) for (_, sha256), upload in ways.items()}
    found = tiles(report, photos.stored(tx, digests), sent, glance.reader)
    waiting = sum(not tile.here for tile in found)
    return replace(shown, tiles=found, on_the_way=waiting, sees_photos=True)


def with_links(tx: Tx, row: DatabaseRow, shown: RecordView, glance: PageContext) -> RecordView:
    """Back to the list as it was, and on to the next lead in it."""
    sought = glance.view.filter.sought(glance.time, glance.visitor.only)
    after = inbox.next_older(tx, sought, row.seq)
    onward = glance.view.url(f"/records/{after}") if after else ""
    return replace(shown, back=glance.view.url("/inbox"), next=onward)


def with_form(row: DatabaseRow, shown: RecordView, glance: PageContext, typed: Typed) -> RecordView:
    """The decision form, or a sentence on why there is none."""
    say = glance.reader.say
    if Permission.DECIDE not in glance.visitor.permissions:
        return replace(shown, closed=say("decide.readonly"))
    ways = moves(glance.visitor.staff.role, row.state) if row.withdrawn_at is None else ()
    if ways:
        action = glance.view.url(f"/records/{row.id}/decision")
        form = decision_form(action, row, ways, typed, glance.reader)
        return replace(shown, form=form)
    state = state_badge(row.state, glance.reader.language).word
    if row.withdrawn_at is not None:
        state = say("state.withdrawn")
    kept = UnsavedDecision(" ".join(typed.told), typed.comment) if typed.told else None
    return replace(shown, closed=say("decide.closed", state=state), kept=kept)
