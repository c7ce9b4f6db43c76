"""GET and POST /sign-in, POST /sign-out. Each sign-in opens a new session."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from secrets import token_urlsafe
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from sync_server.accounts.passwords import Locked, WrongPassword, sign_in
from sync_server.console.context import ConsoleContext
from sync_server.console.forms import BadToken, Form, check_token, read_form
from sync_server.console.paths import local_path
from sync_server.console.printer import PRIVATE, now, wording_of
from sync_server.console.sessions import BYTES, COOKIE, end_session, open_session, set_cookie
from sync_server.console.words import Say

FORM_COOKIE = "xuncha_sign_in"  # holds the form's token as long as there is no session
MESSAGES = {"ended": ("sign_in.ended", "info"), "left": ("sign_in.left", "ok"), "": ("", "")}


@dataclass(frozen=True, slots=True)
class FormMessage:
    """A sentence above the form; `colour` is a token of static/tokens.css."""

    words: str
    colour: str


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/sign-in")
    def show(request: Request) -> Response:
        say = wording_of(request).say
        code, colour = MESSAGES[
            next((name for name in MESSAGES if name in request.query_params), "")
        ]
        form = {"next": request.query_params.get("next", "/")}
        return form_page(console, request, form, FormMessage(say(code) if code else "", colour))

    @router.post("/sign-in")
    def sign_in_by_form(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
        return sign_in_response(console, request, form)

    @router.post("/sign-out")
    def sign_out(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
        check_token(form, console.visitor(request).csrf)
        end_session(console.store, request)
        answer = RedirectResponse("/sign-in?left=1", 303, PRIVATE)
        answer.delete_cookie(COOKIE, path="/")
        return answer


def sign_in_response(console: ConsoleContext, request: Request, form: Form) -> Response:
    """Opens a session and goes on to where the visitor wanted to be, or shows the form again with
    the reason."""
    time = now()
    try:
        check_token(form, request.cookies.get(FORM_COOKIE, ""))
        staff = sign_in(console.store, form.get("staff", ""), form.get("password", ""), time)
    except (BadToken, WrongPassword, Locked) as refusal:
        words = refusal_words(refusal, time, wording_of(request).say)
        return form_page(console, request, form, FormMessage(words, "danger"), 403)
    end_session(console.store, request)
    with console.store.writing() as tx:
        secret = open_session(tx, staff.staff, time)
    answer = RedirectResponse(local_path(form.get("next", "/")), 303, PRIVATE)
    set_cookie(answer, secret, console.settings)
    answer.delete_cookie(FORM_COOKIE, path="/sign-in")
    return answer


def form_page(
    console: ConsoleContext, request: Request, form: Form, message: FormMessage, status: int = 200
) -> Response:
    """The form, with a token that is also set as a cookie, so that no other site can post it."""
    token = request.cookies.get(FORM_COOKIE) or token_urlsafe(BYTES)
    values = {
        "title": wording_of(request).say("sign_in.title"),
        "csrf": token,
        "next": local_path(form.get("next", "/")),
        "staff": form.get("staff", "")[:40],
        "message": message.words,
        "message_colour": message.colour,
    }
    answer = console.printer.page(request, "sign_in.html", values, status)
    answer.set_cookie(
        FORM_COOKIE,
        token,
        httponly=True,
        secure=console.settings.secure_cookie,
        samesite="strict",
        path="/sign-in",
    )
    return answer


def refusal_words(refusal: BadToken | WrongPassword | Locked, time: datetime, say: Say) -> str:
    if isinstance(refusal, Locked):
        return say(
            "sign_in.locked", minutes=max(1, ceil((refusal.until - time).total_seconds() / 60))
        )
    return say("sign_in.wrong" if isinstance(refusal, WrongPassword) else "sign_in.stale")
