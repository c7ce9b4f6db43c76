"""GET /sites/{site}: all leads of one place; POST …/out takes a lead out of it, and
/site-rulings/{n}/undo takes back what was said."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from sync_server.casework.case_rules import CaseSettings
from sync_server.casework.following import part_strays
from sync_server.casework.review import note_view
from sync_server.console.access import needs
from sync_server.console.context import ConsoleContext
from sync_server.console.decision_form import flaw_words
from sync_server.console.forms import Form, check_token, read_form
from sync_server.console.printer import PRIVATE, now, wording_of
from sync_server.console.sessions import Visitor
from sync_server.console.site_history import left_leads
from sync_server.console.site_map import site_map
from sync_server.console.site_photos import with_tiles
from sync_server.console.site_view import leads_of, readable_leads, rulings_of, sources
from sync_server.console.words import Wording
from sync_server.domain.roles import Permission
from sync_server.problems import BadDecision, NotAllowed, NotFound
from sync_server.sites.rulings import Settle, take_back, take_out
from sync_server.store import site_records
from sync_server.store.engine import DatabaseRow, Tx


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/sites/{site}")
    @needs(Permission.READ_RECORDS)
    def show(request: Request, site: str) -> Response:
        return _page(console, request, site)

    @router.get("/sites/{site}/out")
    @needs(Permission.READ_RECORDS)
    def again(site: str) -> Response:
        """The address that stays after a refusal, loaded again."""
        return _to(site)

    @router.post("/sites/{site}/out")
    @needs(Permission.DECIDE)
    def out(request: Request, site: str, form: Annotated[Form, Depends(read_form)]) -> Response:
        return _taken_out(console, request, site, form)

    _undoing(router, console)


def _undoing(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/site-rulings/{n}/undo")
    @needs(Permission.READ_RECORDS)
    def undone(n: int) -> Response:
        """The address that stays after a refusal, loaded again."""
        return RedirectResponse("/sites", 303, PRIVATE)

    @router.post("/site-rulings/{n}/undo")
    @needs(Permission.DECIDE)
    def undo(request: Request, n: int, form: Annotated[Form, Depends(read_form)]) -> Response:
        return _taken_back(console, request, n, form)


def _taken_out(console: ConsoleContext, request: Request, site: str, form: Form) -> Response:
    """Takes a lead out, or shows the page again with the reason why it was not."""
    visitor = console.visitor(request)
    check_token(form, visitor.csrf)
    reason, record = form.get("reason", "").strip(), form.get("record", "")
    try:
        time = now()
        settle = _settling(console, visitor, time)
        take_out(console.store, visitor.staff, record, reason, time, settle)
    except BadDecision as bad:
        words = flaw_words((bad.code,), wording_of(request))
        return _page(console, request, site, (reason, words), bad.status)
    return _to(site)


def _taken_back(console: ConsoleContext, request: Request, n: int, form: Form) -> Response:
    visitor = console.visitor(request)
    check_token(form, visitor.csrf)
    if not 0 < n < 2**31:
        raise NotFound
    time = now()
    take_back(console.store, visitor.staff, n, time, _settling(console, visitor, time))
    return _to(form.get("back", ""))


def _settling(console: ConsoleContext, visitor: Visitor, time: datetime) -> Settle:
    """Records that followed one of another place, as it turns out, have their own case again."""
    by = (visitor.staff.staff, visitor.staff.role.value)
    settings = CaseSettings.of(console.settings)
    return lambda tx, ids: part_strays(tx, ids, by, time, settings)


def _to(site: str) -> Response:
    """The page of a site; of all, where that is no name of one."""
    is_name = site.isascii() and site.isalnum()
    return RedirectResponse(f"/sites/{site}" if is_name else "/sites", 303, PRIVATE)


def _page(
    console: ConsoleContext,
    request: Request,
    site: str,
    entered: tuple[str, list[str]] = ("", []),
    status: int = 200,
) -> Response:
    """The page; `entered`: a reason that was not taken, and why."""
    visitor, time = console.visitor(request), now()
    with console.store.reading() as tx:
        row = site_records.site(tx, site)
        if row is None:
            raise NotFound
        if row.superseded_by:  # merged: its address leads on
            return _to(row.superseded_by)
        values = _values(console, tx, row, visitor, (time, wording_of(request)))
    note_view(console.store, visitor.staff, site, "view_site", time)
    values |= {"reason": entered[0], "messages": entered[1]}
    return console.printer.page(request, "site.html", values, status)


def _values(
    console: ConsoleContext,
    tx: Tx,
    row: DatabaseRow,
    visitor: Visitor,
    told: tuple[datetime, Wording],
) -> dict[str, object]:
    time, wording = told
    parts, only = site_records.parts_of(tx, row.site), visitor.only_community
    leads = readable_leads(site_records.members(tx, parts, only))
    if not leads and only is not None:
        raise NotAllowed
    lines = zip(leads, leads_of(tx, leads, time, wording), strict=True)
    return {
        "title": leads[0].row.place if leads else wording.say("site.empty"),
        "section": "sites",
        "site": row.site,
        "leads": with_tiles(console, tx, list(lines), visitor, told),
        "sees_photos": Permission.SEE_PHOTOS in visitor.permissions,
        "sources": sources(leads, wording),
        "where": site_map(tx, row.area, leads, wording),
        "left": left_leads(tx, parts, only, time, wording),
        "rulings": rulings_of(tx, parts, time, wording),
        "may_rule": Permission.DECIDE in visitor.permissions,
    }
