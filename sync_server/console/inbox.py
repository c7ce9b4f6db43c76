"""GET /inbox: the records, newest first, narrowed by the filter in the URL; and GET /."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from contract.cases import CaseState
from sync_server.casework.case_rules import note_answered_due, work_day
from sync_server.console.access import needs
from sync_server.console.context import ConsoleContext
from sync_server.console.printer import now, wording_of
from sync_server.console.record_list import ListView, record_list
from sync_server.domain.roles import Permission

FIRST = f"/inbox?state={CaseState.REPORTED}"


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/")
    @needs(Permission.SIGN_IN)
    def start(request: Request) -> Response:
        visitor = console.visitor(request)
        if Permission.READ_RECORDS in visitor.permissions:
            return RedirectResponse(FIRST, 303)
        if Permission.READ_AUDIT in visitor.permissions:
            return RedirectResponse("/audit", 303)
        return welcome_page(console, request)

    @router.get("/inbox")
    @needs(Permission.READ_RECORDS)
    def show(request: Request) -> Response:
        visitor = console.visitor(request)
        view = ListView.read(request.query_params)
        note_answered_due(console.store, console.settings.levels)
        with console.store.reading() as tx:
            day = work_day(tx, now(), console.settings.levels)
            values = record_list(tx, view, visitor.only_community, day, wording_of(request))
        values |= {"title": values["folder_word"], "record": None}
        return console.printer.page(request, "inbox.html", values)


def welcome_page(console: ConsoleContext, request: Request) -> Response:
    """For a role that has no page of its own here."""
    wording = wording_of(request)
    role = wording.word("role", console.visitor(request).staff.role)
    values = {
        "title": wording.say("welcome.title"),
        "text": wording.say("welcome.intro", role=role),
        "at_home": True,
    }
    return console.printer.page(request, "message.html", values)
