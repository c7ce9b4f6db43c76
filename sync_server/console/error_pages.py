"""Turns exceptions into pages in words, in one place for all routes of the console."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from sync_server.console.forms import BadToken
from sync_server.console.paths import with_next
from sync_server.console.printer import PRIVATE, Printer, return_path, wording_of
from sync_server.console.sessions import SignedOut
from sync_server.console.words import say_known
from sync_server.problems import Problem

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def guarded(printer: Printer) -> type[APIRoute]:
    """A route class that answers exceptions of its handlers with a page, or with the sign-in."""

    class Guarded(APIRoute):
        def get_route_handler(self) -> Handler:
            handle = super().get_route_handler()

            async def guard(request: Request) -> Response:
                try:
                    return await handle(request)
                except SignedOut as out:
                    return to_sign_in(request, out.had_session)
                except BadToken:
                    return message_page(printer, request, 403, "csrf")
                except RequestValidationError:
                    return message_page(printer, request, 404, "404")
                except Problem as problem:
                    return message_page(printer, request, problem.status, problem.code)

            return guard

    return Guarded


def to_sign_in(request: Request, had_session: bool) -> Response:
    """Redirects to the sign-in, which leads back here. A request by htmx is told to change the
    whole page, else the form would be put into a part of it."""
    url = with_next("/sign-in", return_path(request))
    if had_session:
        url += ("&" if "?" in url else "?") + "ended=1"
    if request.headers.get("hx-request"):
        return Response(status_code=204, headers=PRIVATE | {"HX-Redirect": url})
    return RedirectResponse(url, 303, PRIVATE)


def message_page(printer: Printer, request: Request, status: int, code: str) -> Response:
    """A page that says in words what is wrong; `code` is what an administrator is told."""
    wording = wording_of(request)
    visitor = getattr(request.state, "visitor", None)
    role = wording.word("role", visitor.staff.role) if visitor else ""
    name = code if code == "csrf" else str(status)
    values = {
        "title": say_known(wording.say, f"problem.{name}", "problem.other"),
        "text": say_known(
            wording.say, f"problem.{name}.intro", "problem.other.intro", role=role, code=code
        ),
        "at_home": False,
    }
    return printer.page(request, "message.html", values, status)
