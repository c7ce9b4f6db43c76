"""GET and POST /sign-in, POST /sign-out. A sign-in always begins a new session."""

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
from sync_server.console.paths import local
from sync_server.console.printer import PRIVATE, now, reader_of
from sync_server.console.sessions import BYTES, COOKIE, end_session, hand_over, open_session
from sync_server.console.words import Say

DOOR = "xuncha_door"  # holds the form's token before there is a session to hold it
TOLD = {"ended": ("sign_in.ended", "info"), "left": ("sign_in.left", "ok"), "": ("", "")}


@dataclass(frozen=True, slots=True)
class FormMessage:
    """A sentence above the form."""

    words: str
    colour: str


def routes(router: APIRouter, desk: ConsoleContext) -> None:
    @router.get("/sign-in")
    def ask(request: Request) -> Response:
        say = reader_of(request).say
        code, colour = TOLD[next((name for name in TOLD if name in request.query_params), "")]
        form = {"next": request.query_params.get("next", "/")}
        return form_page(desk, request, form, FormMessage(say(code) if code else "", colour))

    @router.post("/sign-in")
    def enter(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
        return entered(desk, request, form)

    @router.post("/sign-out")
    def leave(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
        check_token(form, desk.visitor(request).csrf)
        end_session(desk.store, request)
        answer = RedirectResponse("/sign-in?left=1", 303, PRIVATE)
        answer.delete_cookie(COOKIE, path="/")
        return answer


def entered(desk: ConsoleContext, request: Request, form: Form) -> Response:
    """Signed in under a session of its own, or the form again with the reason."""
    time = now()
    try:
        check_token(form, request.cookies.get(DOOR, ""))
        staff = sign_in(desk.store, form.get("staff", ""), form.get("password", ""), time)
    except (BadToken, WrongPassword, Locked) as no:
        told = FormMessage(why(no, time, reader_of(request).say), "danger")
        return form_page(desk, request, form, told, 403)
    end_session(desk.store, request)
    with desk.store.writing() as tx:
        secret = open_session(tx, staff.staff, time)
    answer = RedirectResponse(local(form.get("next", "/")), 303, PRIVATE)
    hand_over(answer, secret, desk.settings)
    answer.delete_cookie(DOOR, path="/sign-in")
    return answer


def form_page(
    desk: ConsoleContext, request: Request, form: Form, told: FormMessage, status: int = 200
) -> Response:
    """The form with a token that is also in a cookie, so that no other site can fill it in."""
    token = request.cookies.get(DOOR) or token_urlsafe(BYTES)
    things = {
        "title": reader_of(request).say("sign_in.title"),
        "csrf": token,
        "next": local(form.get("next", "/")),
        "staff": form.get("staff", "")[:40],
        "told": told.words,
        "told_colour": told.colour,
    }
    answer = desk.printer.page(request, "sign_in.html", things, status)
    answer.set_cookie(
        DOOR,
        token,
        httponly=True,
        secure=desk.settings.secure_cookie,
        samesite="strict",
        path="/sign-in",
    )
    return answer


def why(no: BadToken | WrongPassword | Locked, time: datetime, say: Say) -> str:
    if isinstance(no, Locked):
        return say("sign_in.locked", minutes=max(1, ceil((no.until - time).total_seconds() / 60)))
    return say("sign_in.wrong" if isinstance(no, WrongPassword) else "sign_in.stale")
