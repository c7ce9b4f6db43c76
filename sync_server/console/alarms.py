"""GET /alarms: calls for help, those that nobody has seen on top; POST …/seen takes one up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from sync_server.casework.fieldwork import see_alarm
from sync_server.console.access import needs
from sync_server.console.context import ConsoleContext
from sync_server.console.forms import Form, check_token, read_form
from sync_server.console.printer import PRIVATE, now, wording_of
from sync_server.console.times import ShownTime, shown_time
from sync_server.console.words import Wording
from sync_server.domain.roles import Permission
from sync_server.store import fieldwork
from sync_server.store.engine import DatabaseRow
from sync_server.store.readable import UnreadableRow

MOST = 100  # on the page


@dataclass(frozen=True, slots=True)
class AlarmCard:
    """One call for help; `seen` is None while nobody took it up."""

    action: str
    at: ShownTime
    received: ShownTime
    where: str
    fix: str
    seen: ShownTime | None
    seen_by: str


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/alarms")
    @needs(Permission.READ_RECORDS)
    def show(request: Request) -> Response:
        visitor = console.visitor(request)
        return _page(console, request, visitor.only_community)

    @router.get("/alarms/{patrol}/{n}/seen")
    @needs(Permission.READ_RECORDS)
    def again(patrol: UUID, n: int) -> Response:
        """The address that stays after a refusal, loaded again."""
        return RedirectResponse("/alarms", 303, PRIVATE)

    @router.post("/alarms/{patrol}/{n}/seen")
    @needs(Permission.READ_RECORDS)
    def seen(
        request: Request, patrol: UUID, n: int, form: Annotated[Form, Depends(read_form)]
    ) -> Response:
        visitor = console.visitor(request)
        check_token(form, visitor.csrf)
        alarm = (str(patrol), min(n, 2**31 - 1))
        see_alarm(console.store, visitor.staff, alarm, now(), visitor.only_community)
        return RedirectResponse("/alarms", 303, PRIVATE)


def _page(console: ConsoleContext, request: Request, community: str | None) -> Response:
    wording, time = wording_of(request), now()
    with console.store.reading() as tx:
        rows = fieldwork.alarms_of(tx, community, MOST)
        grids = fieldwork.grids_by_code(tx)
    names = {code: grid.name for code, grid in grids.items()}
    cards = [
        _card(row, names.get(row.grid, ""), time, wording)
        for row in rows
        if not isinstance(row, UnreadableRow)
    ]
    values = {
        "title": wording.say("alarms.title"),
        "section": "alarms",
        "cards": cards,
        "unreadable": len(rows) - len(cards),
    }
    return console.printer.page(request, "alarms.html", values)


def _card(row: DatabaseRow, grid: str, time: datetime, wording: Wording) -> AlarmCard:
    say, fix = wording.say, row.fix if isinstance(row.fix, dict) else {}
    words = say("alarms.no_fix")
    if fix.get("lat") is not None and fix.get("lon") is not None:
        metres = fix.get("accuracy_m")
        sure = say("fix.accuracy", m=round(metres)) if metres else say("fix.unsure")
        words = say("join.dot").join((f"{fix['lat']:.5f}, {fix['lon']:.5f}", sure))
    return AlarmCard(
        action=f"/alarms/{row.patrol}/{row.n}/seen",
        at=shown_time(row.at, time, say),
        received=shown_time(row.received_at, time, say),
        where=say("join.dot").join(x for x in (grid, row.place) if x) or say("list.no_place"),
        fix=words,
        seen=shown_time(row.seen_at, time, say) if row.seen_at else None,
        seen_by=row.seen_by or "",
    )
