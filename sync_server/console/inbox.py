"""GET /inbox: the leads, newest first, narrowed by the filter in the URL."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from contract.cases import CaseState
from sync_server.console.context import ConsoleContext
from sync_server.console.printer import now, reader_of
from sync_server.console.record_list import View, record_list
from sync_server.domain.roles import Permission

FIRST = f"/inbox?state={CaseState.REPORTED}"


def routes(router: APIRouter, desk: ConsoleContext) -> None:
    @router.get("/")
    def start(request: Request) -> Response:
        visitor = desk.visitor(request)
        if Permission.READ_RECORDS in visitor.permissions:
            return RedirectResponse(FIRST, 303)
        if Permission.READ_AUDIT in visitor.permissions:
            return RedirectResponse("/audit", 303)
        say, reader = reader_of(request).say, reader_of(request)
        lead = say("welcome.lead", role=reader.word("role", visitor.staff.role))
        things = {"title": say("welcome.title"), "lead": lead, "at_home": True}
        return desk.printer.page(request, "message.html", things)

    @router.get("/inbox")
    def show(request: Request) -> Response:
        visitor = desk.visitor(request, Permission.READ_RECORDS)
        view = View.read(request.query_params)
        with desk.store.reading() as tx:
            things = record_list(tx, view, visitor.only, now(), reader_of(request))
        things |= {"title": things["folder_word"], "lead": None}
        return desk.printer.page(request, "inbox.html", things)
