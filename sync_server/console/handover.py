"""GET /records/{id}/handover-form: the hand-over form 线索移交单 as PDF; each is an audit row (rule
L11)."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from contract.cases import CaseState
from contract.report import Report
from sync_server.casework.hand_over import has_form, note_handover_form
from sync_server.casework.rooms import view_room
from sync_server.console.access import needs
from sync_server.console.context import ConsoleContext
from sync_server.console.forms import Form, check_token, read_form
from sync_server.console.printer import PRIVATE, now
from sync_server.console.record import row_for
from sync_server.console.record_parts import report_of
from sync_server.console.record_view import sender
from sync_server.console.report_lines import FIELDS, coordinates
from sync_server.console.room import refused, seen_room
from sync_server.console.state_badges import state_badge
from sync_server.console.times import exact_time
from sync_server.console.words import Wording, speaker
from sync_server.domain.case_events import standing
from sync_server.domain.roles import Permission
from sync_server.domain.rooms import HomeRoom
from sync_server.domain.sent_names import compound_codes, with_known_name
from sync_server.exports.handover_form import FormPhoto, HandoverForm, Lines, pdf_of
from sync_server.photos.thumbnails import NoThumbnail
from sync_server.problems import BadEntry, Busy, NotFound
from sync_server.store import case_events, photos, places, record_details
from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import UnreadableRow

FormRoom = tuple[HomeRoom, int]  # and the number of the sealed row in which it stands
CHINESE = Wording(speaker("zh"), "zh")  # an office document, whatever language the console is in
# What another office is told of the lead: neither who reported it nor what they said of themselves.
TOLD = tuple(name for name in FIELDS if name not in ("patrol", "conflict", "place_names"))


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/records/{record}/handover-form")
    @needs(Permission.HAND_OVER)
    async def show(request: Request, record: UUID) -> Response:
        return await handover_form(console, request, record)

    @router.post("/records/{record}/handover-form")
    @needs(Permission.SEE_ROOMS)
    async def show_with_room(
        request: Request, record: UUID, form: Annotated[Form, Depends(read_form)]
    ) -> Response:
        check_token(form, console.visitor(request).csrf)
        try:
            room = await run_in_threadpool(_room, console, request, record, form)
        except BadEntry as bad:
            return await run_in_threadpool(refused, console, request, record, (form, bad))
        return await handover_form(console, request, record, room)


async def handover_form(
    console: ConsoleContext, request: Request, record: UUID, room: FormRoom | None = None
) -> Response:
    """The form of a record as it is now. Raises NotFound for one that has none yet, and Busy."""
    form, report, finished = await run_in_threadpool(_gathered, console, request, record)
    form = _with_room(form, room) if room else form
    pictures = [
        await _photo(console, n, photo.sha256, photo.sha256 in finished)
        for n, photo in enumerate(report.photos, 1)
    ]
    form = replace(form, photos=tuple(pictures), photos_note=_photos_note(report, finished))
    pdf = await run_in_threadpool(pdf_of, form)
    staff = console.visitor(request).staff
    noted = (str(record), form.number, pdf)
    await run_in_threadpool(note_handover_form, console.store, staff, noted, now())
    headers = PRIVATE | {"Content-Disposition": f'inline; filename="{record}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


def _room(console: ConsoleContext, request: Request, record: UUID, form: Form) -> FormRoom:
    """What is sealed of the record, which a case officer wants on the form, with the reason that
    the audit log keeps. Raises BadEntry; NotFound if there is none to print or no form."""
    visitor, seen = console.visitor(request), seen_room(record, form)
    with console.store.reading() as tx:
        if not has_form(row_for(tx, visitor, record)):
            raise NotFound
    found = view_room(console.store, visitor.staff, seen, now(), "print_room")
    if found is None or found == HomeRoom():
        raise NotFound
    return found, seen.last


def _with_room(form: HandoverForm, room: FormRoom) -> HandoverForm:
    """The same form with floor and room: a version of its own, with a number of its own."""
    (found, n), label = room, CHINESE.say("room.on_form")
    line = (label, " ".join(part for part in (found.floor, found.room) if part))
    return replace(form, seen=(line, *form.seen), number=f"{form.number}.{n}")


def _gathered(
    console: ConsoleContext, request: Request, record: UUID
) -> tuple[HandoverForm, Report, frozenset[str]]:
    """The form without its photos, the report that it tells, and the digests of photos that are
    here."""
    with console.store.reading() as tx:
        row = row_for(tx, console.visitor(request), record)
        if not has_form(row):
            raise NotFound
        sent = report_of(row)
        report = with_known_name(sent, places.compound_names(tx, compound_codes(sent)))
        finished = frozenset(photos.stored(tx, [photo.sha256 for photo in report.photos]))
        return _form(tx, row, report), report, finished


def _form(tx: Tx, row: DatabaseRow, report: Report) -> HandoverForm:
    step = case_events.last_number(tx, row.id) or 0
    department, handed = _handed(tx, row)
    return HandoverForm(
        bureau=places.bureau_name(tx),
        number=f"{row.number}-{row.revision}.{step}",
        at=row.changed_at,
        place=report.place.in_words[:200] or CHINESE.say("list.no_place"),
        seen=_seen(report),
        origin=_origin(tx, row, report),
        department=department,
        handed=handed,
        purpose=CHINESE.say("handover.purpose"),
    )


def _handed(tx: Tx, row: DatabaseRow) -> tuple[str, Lines]:
    """To which department the case was handed over, under which number and for which time; ("", ())
    while it was not, or after it came back."""
    if row.state not in (CaseState.HANDED_OVER, CaseState.HANDED_OVER_CLOSED):
        return "", ()
    case = standing(row.state, case_events.events(case_events.of_record(tx, row.id)))
    number = CHINESE.say("handover.round", number=case.number, n=case.rounds)
    return CHINESE.word("department", case.department), ((CHINESE.say("handover.number"), number),)


def _seen(report: Report) -> Lines:
    """What was seen; where no building is named the position as well (rule L8)."""
    lines = [(CHINESE.say(f"field.{name}"), FIELDS[name](report, CHINESE)) for name in TOLD]
    if not report.place.building:
        lines.append((CHINESE.say("field.fix"), coordinates(report)))
    return tuple((label, value) for label, value in lines if value)


def _origin(tx: Tx, row: DatabaseRow, report: Report) -> Lines:
    """Where the lead comes from: a role and a grid, never a person; and by what it can be found
    again."""
    say = CHINESE.say
    who = (sender(tx, row, CHINESE), FIELDS["patrol"](report, CHINESE))
    return tuple(
        (say(f"field.{label}"), value)
        for label, value in (
            ("from", say("join.dot").join(part for part in who if part)),
            ("seen", exact_time(report.seen_at)),
            ("received", exact_time(row.received_at)),
            ("number", f"{row.number}{say('join.dot')}{say('field.revision', n=row.revision)}"),
            ("state", state_badge(row.state, "zh").word),
            ("in_ledger", _ledger(tx, row)),
            ("digest", row.digest),
        )
        if value
    )


def _ledger(tx: Tx, row: DatabaseRow) -> str:
    """The place of the printed revision in its device's ledger, and the hash of that link."""
    arrived = record_details.arrivals_of(tx, row.id)
    shown = (each for each in arrived if not isinstance(each, UnreadableRow))
    found = next((each for each in shown if each.digest == row.digest), None)
    if found is None:
        return ""
    position = CHINESE.say("field.ledger", n=found.position)
    return f"{position}{CHINESE.say('join.dot')}{found.hash}"


async def _photo(console: ConsoleContext, n: int, sha256: str, is_here: bool) -> FormPhoto:
    """What the bureau drew of a photo: what a phone sent does not leave the house. Raises Busy: a
    form that lacks a picture by chance would not be the same the next time."""
    label, digest = CHINESE.say("photo.nth", n=n), f"SHA-256 {sha256[:32]}"
    if not is_here:
        return FormPhoto(label + CHINESE.say("handover.photo_missing"), digest, None)
    try:
        picture = await console.thumbnails.get(sha256)
    except FileNotFoundError as gone:
        raise Busy from gone
    if picture is NoThumbnail.BUSY:
        raise Busy
    if isinstance(picture, NoThumbnail):
        return FormPhoto(label + CHINESE.say("handover.photo_unshown"), digest, None)
    return FormPhoto(label, digest, picture)


def _photos_note(report: Report, finished: frozenset[str]) -> str:
    every = {photo.sha256 for photo in report.photos}
    if not every:
        return CHINESE.say("handover.no_photos")
    return CHINESE.say("handover.photos", n=len(every), here=len(every & finished))
