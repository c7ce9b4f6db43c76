"""Cookies of the console: out of reach of scripts, and wherever TLS is spoken bound to it."""

from dataclasses import dataclass
from typing import Literal

from fastapi import Request
from fastapi.responses import Response

from sync_server.settings import Settings

HOST_ONLY = "__Host-"  # browsers take these over TLS only, for this host, for all paths
A_YEAR = 365 * 24 * 3600


def is_https(settings: Settings, request: Request) -> bool:
    """Whether this browser speaks TLS, as the settings or a trusted proxy say."""
    return settings.is_https or request.url.scheme == "https"


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie; it lives `age` seconds, or as long as the browser is open."""

    name: str
    age: int | None = None
    same_site: Literal["lax", "strict"] = "lax"

    def full_name(self, settings: Settings, request: Request) -> str:
        return HOST_ONLY + self.name if is_https(settings, request) else self.name

    def read(self, settings: Settings, request: Request) -> str:
        """Its value; empty if there is none."""
        return request.cookies.get(self.full_name(settings, request), "")

    def set(self, settings: Settings, request: Request, answer: Response, value: str) -> None:
        answer.set_cookie(
            self.full_name(settings, request),
            value,
            max_age=self.age,
            path="/",
            secure=is_https(settings, request),
            httponly=True,
            samesite=self.same_site,
        )

    def delete(self, settings: Settings, request: Request, answer: Response) -> None:
        """Takes it back: named and marked just as it was set."""
        answer.delete_cookie(
            self.full_name(settings, request),
            path="/",
            secure=is_https(settings, request),
            httponly=True,
            samesite=self.same_site,
        )
