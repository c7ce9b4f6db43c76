"""Every "no" of the console as a page in words: one place that catches, for all its routes."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from sync_server.console.forms import BadToken
from sync_server.console.paths import with_next
from sync_server.console.printer import PRIVATE, Printer, here, reader_of
from sync_server.console.sessions import SignedOut
from sync_server.console.words import said
from sync_server.problems import Problem

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def guarded(printer: Printer) -> type[APIRoute]:
    """A route class whose handlers may raise; the visitor gets a page."""

    class Guarded(APIRoute):
        def get_route_handler(self) -> Handler:
            handle = super().get_route_handler()

            async def guard(request: Request) -> Response:
                try:
                    return await handle(request)
                except SignedOut as out:
                    return to_sign_in(request, out.had_session)
                except BadToken:
                    return message(printer, request, 403, "csrf")
                except RequestValidationError:
                    return message(printer, request, 404, "404")
                except Problem as problem:
                    return message(printer, request, problem.status, problem.code)

            return guard

    return Guarded


def to_sign_in(request: Request, had_session: bool) -> Response:
    """Signed out: sign in and come back. htmx is told to leave the page, not to fill a part."""
    url = with_next("/sign-in", here(request))
    if had_session:
        url += ("&" if "?" in url else "?") + "ended=1"
    if request.headers.get("hx-request"):
        return Response(status_code=204, headers=PRIVATE | {"HX-Redirect": url})
    return RedirectResponse(url, 303, PRIVATE)


def message(printer: Printer, request: Request, status: int, code: str) -> Response:
    reader = reader_of(request)
    visitor = getattr(request.state, "visitor", None)
    role = reader.word("role", visitor.staff.role) if visitor else ""
    name = code if code == "csrf" else str(status)
    things = {
        "title": said(reader.say, f"problem.{name}", "problem.other"),
        "lead": said(
            reader.say, f"problem.{name}.lead", "problem.other.lead", role=role, code=code
        ),
        "at_home": False,
    }
    return printer.page(request, "message.html", things, status)
