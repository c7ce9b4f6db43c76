"""GET /records/{id}: one record beside the list; in a narrow window the record alone."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contract.cases import CaseState
from sync_server.casework.case_rules import CaseSettings, OpenedCase, WorkDay, opened, work_day
from sync_server.casework.hand_over import has_form
from sync_server.casework.phrases import written
from sync_server.casework.review import note_opened
from sync_server.casework.rooms import room_state
from sync_server.casework.undo import undoable
from sync_server.console.access import needs
from sync_server.console.case_view import case_view, with_choices
from sync_server.console.context import ConsoleContext
from sync_server.console.decision_form import EnteredDecision, decision_form, entered_decision
from sync_server.console.follow_view import follow_notes
from sync_server.console.offered_phrases import with_phrases
from sync_server.console.printer import now, wording_of
from sync_server.console.proof_photos import proof_photos, tiles_of
from sync_server.console.record_list import ListView, order_number, record_list, searched
from sync_server.console.record_parts import objection_hints, who_is_first
from sync_server.console.record_view import (
    RecordView,
    RoomLine,
    UnsavedDecision,
    flash,
    record_view,
)
from sync_server.console.sessions import Visitor
from sync_server.console.site_view import site_line
from sync_server.console.state_badges import state_badge
from sync_server.console.task_cards import cards_of
from sync_server.console.undo import UndoBar, asked_record, undo_bar
from sync_server.console.unsaved import kept
from sync_server.console.who_looks import note_looking, others
from sync_server.console.words import Wording
from sync_server.domain.decisions import possible
from sync_server.domain.roles import Permission
from sync_server.private_traceback import private_traceback
from sync_server.problems import NotAllowed, NotFound
from sync_server.store import devices, inbox, records, tasks
from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import NoAnswer, ReadRow, UnreadableRow

log = logging.getLogger("xuncha")


@dataclass(frozen=True, slots=True)
class PageContext:
    """Who looks, the list beside the record, the language, and the time of the request."""

    visitor: Visitor
    view: ListView
    wording: Wording
    day: WorkDay

    @property
    def time(self) -> datetime:
        return self.day.now


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/records/{record}")
    @needs(Permission.READ_RECORDS)
    def show(request: Request, record: UUID) -> Response:
        return record_page(console, request, record)


def record_page(
    console: ConsoleContext,
    request: Request,
    record: UUID,
    entered: EnteredDecision | None = None,
    status: int = 200,
) -> Response:
    """The page of one record; `entered` is a decision that was not accepted, to be shown again."""
    visitor = console.visitor(request)
    view, wording = ListView.read(request.query_params), wording_of(request)
    asked = request.query_params
    entered = entered or _unsaved(console, request, visitor, record)
    entered = entered if entered.to or entered.comment else _question(asked, wording)
    with console.store.reading() as tx:
        day = work_day(tx, now(), console.settings.levels)
        context = PageContext(visitor, view, wording, day)
        row = row_to_show(tx, visitor, record)
        values = record_list(tx, view, visitor.only_community, day, wording)
        values |= _pane(console, tx, row, context, (entered, asked))
        values["viewers"] = others(tx, str(record), visitor.staff, context.time, wording)
        values["undo"] = _undo_bar(tx, console, context, asked_record(asked.get("undo")))
    note_opened(console.store, visitor.staff, str(record), context.time)
    note_looking(console.store, str(record), visitor.staff, context.time)
    return console.printer.page(request, "inbox.html", values, status)


def _undo_bar(
    tx: Tx, console: ConsoleContext, context: PageContext, record: str | None
) -> UndoBar | None:
    """Offers what this visitor has just decided, as the address says, to be taken back."""
    settings, staff = CaseSettings.of(console.settings), context.visitor.staff
    step = undoable(tx, staff, record, context.time, settings) if record else None
    return (
        undo_bar(tx, step, step.at + settings.hold - context.time, context.wording)
        if step
        else None
    )


def _unsaved(
    console: ConsoleContext, request: Request, visitor: Visitor, record: UUID
) -> EnteredDecision:
    """What this duty post had written here before it had to sign in again; nothing, usually."""
    form = kept(console.settings, request, visitor.staff.staff, record)
    words = [wording_of(request).say("decide.kept")]
    return entered_decision(form, words) if form else EnteredDecision()


def _question(asked: Mapping[str, str], wording: Wording) -> EnteredDecision:
    """A question to the worker, begun where the address asks for it; else nothing."""
    if asked.get("ask") != "door":
        return EnteredDecision()
    return EnteredDecision(CaseState.RETURNED, comment=wording.say("sites.ask_door"))


def _pane(
    console: ConsoleContext,
    tx: Tx,
    row: ReadRow,
    context: PageContext,
    form: tuple[EnteredDecision, Mapping[str, str]],
) -> dict[str, object]:
    """The values of inbox.html that are about the record: its view, or for one that cannot be shown
    a sentence with its number. `form`: what was entered, and what the address asks for."""
    if isinstance(row, UnreadableRow):
        return _unshown(row.key.number, context)
    try:
        shown = record_view(tx, row, context.time, context.wording)
        shown = with_photos(console, tx, row, shown, context)
        shown = with_links(tx, row, shown, context)
        shown = with_papers(tx, row, shown, context)
        line = site_line(tx, row, context.visitor.only_community, context.time, context.wording)
        shown = with_outcome(replace(shown, site=line), context, form[1])
        shown = with_form(tx, row, shown, context, form[0])
        notes = follow_notes(tx, row, shown.form, context.visitor, context.wording)
        shown = replace(shown, follows=notes)
        return {"title": shown.title, "record": shown}
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
    """Adds a tile for each photo, finished or not, and the photos of those who were sent there, for
    visitors who may see photos."""
    if Permission.SEE_PHOTOS not in context.visitor.permissions:
        return shown
    found = tiles_of(console, tx, row, context.time, context.wording)
    proofs = proof_photos(console, tx, row.id, context.time, context.wording)
    missing = sum(not tile.is_finished for tile in found)
    revoked_at, emptied_at = devices.leave(tx, row.device)
    code = "photos_gone" if emptied_at else "photos_revoked" if revoked_at else "photos"
    words = context.wording.say(f"hint.{code}", n=missing) if missing else ""
    gone = emptied_at is not None
    shown = replace(shown, tiles=found, unfinished=words, photos_gone=gone)
    return replace(shown, proofs=proofs, sees_photos=True)


def with_links(tx: Tx, row: DatabaseRow, shown: RecordView, context: PageContext) -> RecordView:
    """Adds the links back to the list and on to the next record in it."""
    after = _next_id(tx, row, context)
    next_url = context.view.url(f"/records/{after}") if after else ""
    return replace(shown, back=context.view.url("/inbox"), next=next_url)


def with_papers(tx: Tx, row: DatabaseRow, shown: RecordView, context: PageContext) -> RecordView:
    """Adds the tasks that were made for the record, the way to another one, and the address of its
    hand-over form."""
    may = context.visitor.permissions
    form = Permission.HAND_OVER in may and has_form(row)
    made = tasks.made_for_record(tx, row.id)
    cards = [card for _, card in cards_of(tx, made, context.time, context.wording)]
    return replace(
        shown,
        tasks=cards,
        task_url=f"/tasks/new?record={row.id}" if Permission.TAKE_IN in may else "",
        handover_form=f"/records/{row.id}/handover-form" if form else "",
        room=_room_line(tx, row) if Permission.SEE_ROOMS in may else None,
    )


def _room_line(tx: Tx, row: DatabaseRow) -> RoomLine | None:
    state = room_state(tx, row)
    is_idle = state is None or not (state.last or state.may_add)
    return None if is_idle or not state else RoomLine(f"/records/{row.id}/room", state.is_sealed)


def _next_id(tx: Tx, row: DatabaseRow, context: PageContext) -> str:
    """The record that follows in the list; "" after the last."""
    only_community = context.visitor.only_community
    record_filter = searched(tx, context.view.filter, context.day, only_community)
    return inbox.next_older(tx, record_filter, row.seq) or ""


def with_outcome(shown: RecordView, context: PageContext, asked: Mapping[str, str]) -> RecordView:
    """Adds what the address tells of: the step that was just decided, or undone."""
    decided = flash(shown.events, order_number(asked.get("decided")), context.wording)
    undone = _undone(asked, context.wording)
    return replace(shown, flash=decided, undone=undone)


def _undone(asked: Mapping[str, str], wording: Wording) -> str:
    code = f"undo.{asked.get('undone', '')}"
    return wording.say(code) if code in UNDONE else ""


UNDONE = ("undo.done", "undo.state_changed", "undo.too_late")


def with_form(
    tx: Tx,
    row: DatabaseRow,
    shown: RecordView,
    context: PageContext,
    entered: EnteredDecision,
) -> RecordView:
    """Adds how the case stands, and the decision form or a sentence on why there is none."""
    say, staff = context.wording.say, context.visitor.staff
    if row.kind in inbox.NO_DECISION:
        return replace(shown, closed=say("decide.none_needed"))
    objection = objection_hints(row, shown.events, context.wording)
    shown = replace(shown, hints=(*objection, *shown.hints))
    case = opened(tx, row, context.time, context.day.levels)
    if row.withdrawn_at is None:
        shown = _with_case(shown, case, context)
    if Permission.HANDLE_CASES not in context.visitor.permissions:
        return replace(shown, closed=say("decide.readonly"))
    steps = possible(staff, case.standing) if row.withdrawn_at is None else ()
    if steps:
        action = context.view.url(f"/records/{row.id}/decision")
        form = decision_form(action, row, steps, entered, context.wording)
        form = with_choices(tx, row, form, context.wording)
        form = with_phrases(form, written(tx, context.wording.language), context.wording)
        return replace(shown, form=replace(form, next=_next_id(tx, row, context)))
    return _without_form(row, shown, context, entered)


def _with_case(shown: RecordView, case: OpenedCase, context: PageContext) -> RecordView:
    first = who_is_first(case.standing, context.visitor.staff, context.wording)
    view = case_view(case, context.day, context.wording)
    return replace(shown, hints=(*shown.hints, *first), case=view)


def _without_form(
    row: DatabaseRow, shown: RecordView, context: PageContext, entered: EnteredDecision
) -> RecordView:
    say = context.wording.say
    state = state_badge(row.state, context.wording.language).word
    if row.withdrawn_at is not None:
        state = say("state.withdrawn")
    unsaved = None
    if entered.messages:
        unsaved = UnsavedDecision(" ".join(entered.messages), entered.comment)
    return replace(shown, closed=say("decide.closed", state=state), unsaved=unsaved)
