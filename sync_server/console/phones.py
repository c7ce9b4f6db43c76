"""GET /phones: grids whose phones have not called for days, by grid and never by person (L1, L9);
POST takes in a file with what a phone could not send."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from contract.unsent_file import MOST_BYTES, NotSuchAFile
from contract.zone import ZONE
from sync_server.console.access import needs
from sync_server.console.context import ConsoleContext
from sync_server.console.forms import check_token, read_form_with_file
from sync_server.console.printer import now, wording_of
from sync_server.console.words import Wording
from sync_server.domain.roles import Permission
from sync_server.intake.by_hand import TakenIn, take_in
from sync_server.problems import NotSignedIn
from sync_server.store import fieldwork
from sync_server.store.engine import DatabaseRow
from sync_server.store.silence import LastCall, last_calls

SILENT = (14, 7, 3)  # days; no number in between, for it would tell when somebody was at work
LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class GridPhones:
    """What is said of the phones of one grid."""

    grid: str
    silent: str
    again: str


@dataclass(frozen=True, slots=True)
class Said:
    """How a file that was brought has fared."""

    text: str = ""
    tone: str = ""


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/phones")
    @needs(Permission.READ_EVERYWHERE)
    def show(request: Request) -> Response:
        return _page(console, request, Said(), 200)

    @router.post("/phones")
    @needs(Permission.DECIDE)
    async def take(request: Request) -> Response:
        form, file = await read_form_with_file(request, MOST_BYTES)
        check_token(form, console.visitor(request).csrf)
        return await run_in_threadpool(_taken, console, request, file)


def _taken(console: ConsoleContext, request: Request, file: bytes) -> Response:
    wording, staff = wording_of(request), console.visitor(request).staff.staff
    try:
        taken = take_in(console.store, file, staff, now())
    except (NotSuchAFile, NotSignedIn) as error:
        known = "phones.not_ours" if isinstance(error, NotSuchAFile) else "phones.unknown"
        return _page(console, request, Said(wording.say(known), "danger"), 422)
    return _page(console, request, Said(_sum(taken, wording), "ok"), 200)


def _sum(taken: TakenIn, wording: Wording) -> str:
    return wording.say("phones.taken", new=taken.new, held=taken.held, aside=taken.aside)


def _page(console: ConsoleContext, request: Request, said: Said, status: int) -> Response:
    wording = wording_of(request)
    with console.store.reading() as tx:
        calls, grids = last_calls(tx), fieldwork.grids_by_code(tx)
    values = {
        "title": wording.say("phones.title"),
        "section": "phones",
        "grids": grids_to_ask(calls, grids, now(), wording),
        "said": said,
        "may_take": Permission.DECIDE in console.visitor(request).permissions,
    }
    return console.printer.page(request, "phones.html", values, status)


def grids_to_ask(
    calls: Sequence[LastCall], grids: Mapping[str, DatabaseRow], at: datetime, wording: Wording
) -> list[GridPhones]:
    """Grids of which something is to be said, by name. Not how many phones, nor whose."""
    by_grid = defaultdict[str, list[LastCall]](list)
    for call in calls:
        grid = grids.get(call.grid or "")
        by_grid[grid.name if grid else wording.say("patrols.no_grid")].append(call)
    found = [_said_of(name, phones, at, wording) for name, phones in sorted(by_grid.items())]
    return [one for one in found if one.silent or one.again]


def _said_of(name: str, calls: Sequence[LastCall], at: datetime, wording: Wording) -> GridPhones:
    longest = max(at - call.heard for call in calls)
    days = next((days for days in SILENT if longest >= timedelta(days=days)), 0)
    again = [call.newest for call in calls if call.is_again and at - call.newest < LATELY]
    day = max(again).astimezone(ZONE).date().isoformat() if again else ""
    return GridPhones(
        name,
        wording.say("phones.silent", days=days) if days else "",
        wording.say("phones.again", day=day) if day else "",
    )
