"""The language that a visitor reads, kept in a cookie; GET /language/{code} changes it."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from sync_server.console.paths import local_path
from sync_server.console.words import LANGUAGES

COOKIE = "xuncha_language"
A_YEAR = 365 * 24 * 3600


def language_of(request: Request) -> str:
    """By the parameter `lang`, else by the cookie, else Chinese."""
    asked = request.query_params.get("lang") or request.cookies.get(COOKIE, "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def routes(router: APIRouter) -> None:
    @router.get("/language/{language}")
    def change(language: str, next: str = "/") -> Response:
        answer = RedirectResponse(local_path(next), 303)
        chosen = language if language in LANGUAGES else LANGUAGES[0]
        answer.set_cookie(COOKIE, chosen, max_age=A_YEAR, httponly=True, samesite="lax")
        return answer
