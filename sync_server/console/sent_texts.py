"""GET /sent: asks for a receipt number and a reason; POST /sent opens that one arrival."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from sync_server.casework.sent_text import SentText, open_sent
from sync_server.console.access import needs
from sync_server.console.context import ConsoleContext
from sync_server.console.decision_form import flaw_words
from sync_server.console.forms import Form, check_token, read_form
from sync_server.console.printer import now, wording_of
from sync_server.domain.roles import Permission
from sync_server.problems import BadDecision


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for and why, and what is wrong with it."""

    name: str = ""
    reason: str = ""
    messages: tuple[str, ...] = ()


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/sent")
    @needs(Permission.OPEN_ARRIVALS)
    def show(request: Request) -> Response:
        return _page(console, request, Asked(), None)

    @router.post("/sent")
    @needs(Permission.OPEN_ARRIVALS)
    def open_one(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
        visitor = console.visitor(request)
        check_token(form, visitor.csrf)
        asked = Asked(form.get("name", "").strip(), form.get("reason", "").strip())
        try:
            found = open_sent(console.store, visitor.staff, asked.name, asked.reason, now())
        except BadDecision as bad:
            words = tuple(flaw_words((bad.code,), wording_of(request)))
            return _page(console, request, Asked(asked.name, asked.reason, words), None, bad.status)
        return _page(console, request, Asked(), found)


def _page(
    console: ConsoleContext,
    request: Request,
    asked: Asked,
    found: SentText | None,
    status: int = 200,
) -> Response:
    title = wording_of(request).say("sent.title")
    values = {"title": title, "section": "sent", "asked": asked, "found": found}
    return console.printer.page(request, "sent.html", values, status)
