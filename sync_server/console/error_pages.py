"""Turns exceptions into pages in words, in one place for all routes of the console."""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from sync_server.casework.review import note_refused
from sync_server.console.access import is_asked_by_script, need_of
from sync_server.console.context import ConsoleContext
from sync_server.console.forms import BadToken, Form, read_form
from sync_server.console.paths import with_next
from sync_server.console.printer import PRIVATE, Printer, now, return_path, wording_of
from sync_server.console.sessions import SignedOut
from sync_server.console.unsaved import keep
from sync_server.console.words import say_known
from sync_server.problems import NotAllowed, Problem, TooLarge
from sync_server.store.engine import Store

READING = {"GET", "HEAD", "OPTIONS"}
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def guarded(console: ConsoleContext) -> type[APIRoute]:
    """A route class that admits to its handlers whom they say they need, and answers exceptions
    with a page, or with the sign-in. What a role may not do is noted in the audit log. Raises
    UndeclaredRoute for a handler that does not say what it needs."""

    class Guarded(APIRoute):
        def get_route_handler(self) -> Handler:
            handle, needed = super().get_route_handler(), need_of(self.endpoint)
            by_script = is_asked_by_script(self.endpoint)

            async def guard(request: Request) -> Response:
                try:
                    check_sender(request)
                    if needed is not None:
                        await run_in_threadpool(console.admit, request, needed, by_script)
                    return await handle(request)
                except SignedOut as out:
                    if by_script:
                        return Response(status_code=401, headers=PRIVATE)
                    return await to_sign_in(console, request, out.had_session)
                except (BadToken, RequestValidationError, Problem) as error:
                    return await error_page(console, request, error)

            return guard

    return Guarded


def check_sender(request: Request) -> None:
    """Raises BadToken for what would change something and was sent by another site's page, as far
    as the browser says so; each form's own token says it for all."""
    sender = request.headers.get("sec-fetch-site", "same-origin")
    if request.method not in READING and sender != "same-origin":
        raise BadToken


async def error_page(
    console: ConsoleContext, request: Request, error: BadToken | RequestValidationError | Problem
) -> Response:
    """The page of what went wrong; no part of it blocks."""
    if isinstance(error, BadToken):
        return message_page(console.printer, request, 403, "csrf")
    if isinstance(error, RequestValidationError):
        return message_page(console.printer, request, 404, "404")
    if isinstance(error, NotAllowed):
        await run_in_threadpool(note_not_allowed, console.store, request)
    return message_page(console.printer, request, error.status, error.code)


def note_not_allowed(store: Store, request: Request) -> None:
    """Which address was refused to whom, with the record's id if it has one, and nothing else that
    was sent. A database that does not answer keeps nobody from the page that says no."""
    visitor = getattr(request.state, "visitor", None)
    if visitor:
        path = request.scope["route"].path
        if record := request.path_params.get("record"):
            path = path.replace("{record}", str(record))
        with suppress(Problem):
            note_refused(store, visitor.staff, path, now())


async def to_sign_in(console: ConsoleContext, request: Request, had_session: bool) -> Response:
    """Redirects to the sign-in, which leads back here, and keeps what was written about a record. A
    request by htmx is told to change the whole page, else the form would be put into a part of it.
    """
    url = with_next("/sign-in", return_path(request))
    if had_session:
        url += ("&" if "?" in url else "?") + "ended=1"
    answer: Response = RedirectResponse(url, 303, PRIVATE)
    if request.headers.get("hx-request"):
        answer = Response(status_code=204, headers=PRIVATE | {"HX-Redirect": url})
    if had_session:  # else the form may be another site's: browsers send it without the session
        keep(console.settings, request, answer, await posted(request))
    return answer


async def posted(request: Request) -> Form:
    """The fields of what was posted; {} if it is no form that would be read."""
    if request.method != "POST":
        return {}
    try:
        return await read_form(request)
    except (BadToken, TooLarge):
        return {}


def is_for_a_browser(request: Request) -> bool:
    """Whether a person asks: for a page, and of no address of phones."""
    accepted = request.headers.get("accept", "")
    return "text/html" in accepted and not request.url.path.startswith("/v1/")


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
