"""The language that a visitor reads, kept in a cookie; GET /language/{code} changes it."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from sync_server.console.access import open_to_all
from sync_server.console.cookies import A_YEAR, is_https
from sync_server.console.paths import local_path
from sync_server.console.words import LANGUAGES
from sync_server.settings import Settings

COOKIE = "xuncha_language"  # no secret: so pages may be asked for it without the settings


def language_of(request: Request) -> str:
    """By the parameter `lang`, else by the cookie, else Chinese."""
    asked = request.query_params.get("lang") or request.cookies.get(COOKIE, "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def routes(router: APIRouter, settings: Settings) -> None:
    @router.get("/language/{language}")
    @open_to_all
    def change(request: Request, language: str, next: str = "/") -> Response:
        answer = RedirectResponse(local_path(next), 303)
        chosen = language if language in LANGUAGES else LANGUAGES[0]
        secure = is_https(settings, request)
        answer.set_cookie(
            COOKIE, chosen, max_age=A_YEAR, httponly=True, samesite="lax", secure=secure
        )
        return answer
