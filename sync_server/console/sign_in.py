"""GET and POST /sign-in, POST /sign-out. Each sign-in opens a new session."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from math import ceil
from secrets import token_urlsafe
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from sync_server.accounts.passwords import Attempt, WrongPassword, sign_in
from sync_server.accounts.throttle import Throttled
from sync_server.console.access import needs, open_to_all
from sync_server.console.context import ConsoleContext
from sync_server.console.cookies import A_YEAR, Cookie
from sync_server.console.forms import BadToken, Form, check_token, read_form
from sync_server.console.paths import local_path
from sync_server.console.printer import PRIVATE, now, wording_of
from sync_server.console.sessions import (
    BYTES,
    SESSION,
    end_session,
    hash_session,
    note_browser,
    open_session,
)
from sync_server.console.unsaved import UNSAVED
from sync_server.console.words import Say
from sync_server.domain.roles import Permission
from sync_server.problems import SignInsBusy

# Holds the form's token as long as there is no session.
FORM = Cookie("xuncha_sign_in", same_site="strict")
# Marks a browser from which somebody signed in: guesses of others do not slow it down.
BROWSER = Cookie("xuncha_browser", age=A_YEAR, same_site="strict")
# Before a form is shown again that was not even looked at: who sends many at once has to wait, too.
REFUSED_S = 1.0
MESSAGES = {"ended": ("sign_in.ended", "info"), "left": ("sign_in.left", "ok"), "": ("", "")}
Refusal = BadToken | WrongPassword | Throttled | SignInsBusy


@dataclass(frozen=True, slots=True)
class FormMessage:
    """A sentence above the form; `colour` is a token of static/tokens.css."""

    words: str
    colour: str
    status: int = 200
    retry_after: int = 0


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/sign-in")
    @open_to_all
    def show(request: Request) -> Response:
        say = wording_of(request).say
        code, colour = MESSAGES[
            next((name for name in MESSAGES if name in request.query_params), "")
        ]
        form = {"next": request.query_params.get("next", "/")}
        return form_page(console, request, form, FormMessage(say(code) if code else "", colour))

    @router.post("/sign-in")
    @open_to_all
    async def sign_in_by_form(
        request: Request, form: Annotated[Form, Depends(read_form)]
    ) -> Response:
        return await queued_sign_in(console, request, form)

    sign_out_routes(router, console)


def sign_out_routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/sign-out")
    @open_to_all
    def signed_out() -> Response:
        """For a page that was not sent again but opened: nobody signs out by a link."""
        return RedirectResponse("/", 303, PRIVATE)

    @router.post("/sign-out")
    @needs(Permission.SIGN_IN)
    def sign_out(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
        check_token(form, console.visitor(request).csrf)
        end_session(console.store, console.settings, request, now())
        answer = RedirectResponse("/sign-in?left=1", 303, PRIVATE)
        for cookie in (SESSION, UNSAVED):
            cookie.delete(console.settings, request, answer)
        return answer


async def queued_sign_in(console: ConsoleContext, request: Request, form: Form) -> Response:
    """Checks the form's token at once, and the password when it is this browser's turn."""
    try:
        check_token(form, FORM.read(console.settings, request))
        work = partial(sign_in_response, console, request, form)
        return await console.sign_ins.run(address_of(request), work)
    except (BadToken, SignInsBusy) as refusal:
        await asyncio.sleep(REFUSED_S)
        message = refusal_message(refusal, now(), wording_of(request).say)
        return await run_in_threadpool(form_page, console, request, form, message)


def sign_in_response(console: ConsoleContext, request: Request, form: Form) -> Response:
    """Opens a session and goes on to where the visitor wanted to be, or shows the form again with
    the reason."""
    time, settings = now(), console.settings
    browser = BROWSER.read(settings, request)
    typed = (form.get("staff", ""), form.get("password", ""), address_of(request))
    try:
        attempt = Attempt(*typed, browser=hash_session(browser) if browser else "")
        staff = sign_in(console.store, attempt, time)
    except (WrongPassword, Throttled) as refusal:
        message = refusal_message(refusal, time, wording_of(request).say)
        return form_page(console, request, form, message)
    end_session(console.store, settings, request, time)
    browser = browser or token_urlsafe(BYTES)
    with console.store.writing() as tx:
        secret = open_session(tx, staff.staff, time)
        note_browser(tx, browser, staff.staff, time)
    answer = RedirectResponse(local_path(form.get("next", "/")), 303, PRIVATE)
    SESSION.set(settings, request, answer, secret)
    BROWSER.set(settings, request, answer, browser)
    FORM.delete(settings, request, answer)
    return answer


def form_page(
    console: ConsoleContext, request: Request, form: Form, message: FormMessage
) -> Response:
    """The form, with a token that is also set as a cookie, so that no other site can post it."""
    token = FORM.read(console.settings, request) or token_urlsafe(BYTES)
    values: Mapping[str, object] = {
        "title": wording_of(request).say("sign_in.title"),
        "csrf": token,
        "next": local_path(form.get("next", "/")),
        "staff": form.get("staff", "")[:40],
        "message": message.words,
        "message_colour": message.colour,
    }
    answer = console.printer.page(request, "sign_in.html", values, message.status)
    if message.retry_after:
        answer.headers["Retry-After"] = str(message.retry_after)
    FORM.set(console.settings, request, answer, token)
    return answer


def refusal_message(refusal: Refusal, time: datetime, say: Say) -> FormMessage:
    """What the form says: the same whether there is such a post or not."""
    if isinstance(refusal, Throttled):
        seconds = refusal.seconds(time)
        words = say("sign_in.locked", minutes=ceil(seconds / 60))
        return FormMessage(words, "danger", 429, seconds)
    if isinstance(refusal, SignInsBusy):
        wait = refusal.retry_after or 1
        return FormMessage(say("sign_in.busy", seconds=wait), "danger", refusal.status, wait)
    code = "sign_in.wrong" if isinstance(refusal, WrongPassword) else "sign_in.stale"
    return FormMessage(say(code), "danger", 403)


def address_of(request: Request) -> str:
    """Where the request comes from: the other end of the connection, or what a trusted proxy says
    (settings.proxies)."""
    return request.client.host if request.client else ""
