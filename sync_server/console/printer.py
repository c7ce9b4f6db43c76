"""Turns a template and what stands on it into an answer; every page is private and not kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sync_server.console.language import language_of
from sync_server.console.paths import with_next
from sync_server.console.record_parts import printed
from sync_server.console.sessions import Visitor
from sync_server.console.sheet import Wording
from sync_server.console.words import LANGUAGES, sentences, speaker
from sync_server.domain.roles import Permission

HERE = Path(__file__).parent
PRIVATE = {"Cache-Control": "no-store, private", "Vary": "Cookie"}


def now() -> datetime:
    return datetime.now(UTC)


@cache
def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def asset(name: str) -> str:
    """The address of a static file; it changes with its content, so that no old one is shown."""
    return f"/static/{name}?v={sha256((HERE / 'static' / name).read_bytes()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Printer:
    """`bureau` gives the bureau's name as it stands now."""

    bureau: Callable[[], str]
    pages: Environment = field(default_factory=environment)

    def page(
        self,
        request: Request,
        name: str,
        things: Mapping[str, object],
        status: int = 200,
    ) -> HTMLResponse:
        visitor: Visitor | None = getattr(request.state, "visitor", None)
        ground = self._ground(request, visitor) | dict(things)
        return HTMLResponse(self.pages.get_template(name).render(ground), status, PRIVATE)

    def _ground(self, request: Request, visitor: Visitor | None) -> dict[str, object]:
        reader = reader_of(request)
        other = next(each for each in LANGUAGES if each != reader.language)
        may = visitor.permissions if visitor else frozenset()
        return {
            "say": reader.say,
            "language": reader.language,
            "codes": sentences(),
            "asset": asset,
            "bureau": self.bureau(),
            "visitor": visitor,
            "role": reader.word("role", visitor.staff.role) if visitor else "",
            "csrf": visitor.csrf if visitor else "",
            "can": {"read": Permission.READ_RECORDS in may, "audit": Permission.READ_AUDIT in may},
            "room": "",
            "filter": None,
            "other_language": with_next(f"/language/{other}", here(request)),
            "printed": printed(now(), reader),
        }


def reader_of(request: Request) -> Wording:
    language = language_of(request)
    return Wording(speaker(language), language)


def here(request: Request) -> str:
    """The page to come back to; a posted form has none but its own page."""
    if request.method != "GET":
        return "/"
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query
