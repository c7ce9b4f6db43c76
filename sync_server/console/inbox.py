"""GET /inbox: the records, newest first, narrowed by the filter in the URL; and GET /."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from contract.cases import CaseState
from sync_server.console.context import ConsoleContext
from sync_server.console.printer import now, wording_of
from sync_server.console.record_list import ListView, record_list
from sync_server.domain.roles import Permission

FIRST = f"/inbox?state={CaseState.REPORTED}"


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/")
    def start(request: Request) -> Response:
        visitor = console.visitor(request)
        if Permission.READ_RECORDS in visitor.permissions:
            return RedirectResponse(FIRST, 303)
        if Permission.READ_AUDIT in visitor.permissions:
            return RedirectResponse("/audit", 303)
        wording = wording_of(request)
        role = wording.word("role", visitor.staff.role)
        values = {
            "title": wording.say("welcome.title"),
            "text": wording.say("welcome.intro", role=role),
            "at_home": True,
        }
        return console.printer.page(request, "message.html", values)

    @router.get("/inbox")
    def show(request: Request) -> Response:
        visitor = console.visitor(request, Permission.READ_RECORDS)
        view = ListView.read(request.query_params)
        with console.store.reading() as tx:
            values = record_list(tx, view, visitor.only_community, now(), wording_of(request))
        values |= {"title": values["folder_word"], "record": None}
        return console.printer.page(request, "inbox.html", values)
