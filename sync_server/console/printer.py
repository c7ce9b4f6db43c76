"""Renders templates to responses that are private and not to be stored by browsers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from contract.visible_text import beside, undirected
from sync_server.console.language import language_of
from sync_server.console.paths import with_next
from sync_server.console.sessions import Visitor
from sync_server.console.times import exact_time
from sync_server.console.words import LANGUAGES, Wording, sentences, speaker
from sync_server.domain.roles import Permission

HERE = Path(__file__).parent
PRIVATE = {"Cache-Control": "no-store, private", "Vary": "Cookie"}

# What the links of the header need, by the names that templates have for it.
LINKED = {
    "read": Permission.READ_RECORDS,
    "everywhere": Permission.READ_EVERYWHERE,
    "decide": Permission.DECIDE,
    "audit": Permission.READ_AUDIT,
    "sent": Permission.OPEN_ARRIVALS,
}


def now() -> datetime:
    return datetime.now(UTC)


def drawn(value: object) -> object:
    """Every value that a template writes passes here: in pages, titles and attributes a text from
    outside turns no other text around; what is written from right to left is isolated."""
    if not isinstance(value, str) or value.isascii():
        return value
    plain = undirected(beside(value))
    return value if plain == value else type(value)(plain)


@cache
def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=drawn,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so that browsers use no old
    one."""
    return f"/static/{name}?v={sha256((HERE / 'static' / name).read_bytes()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Printer:
    """`bureau` returns the bureau's present name, `alarms` how many calls for help of a community
    (None: of all) nobody has seen."""

    bureau: Callable[[], str]
    alarms: Callable[[str | None], int]
    pages: Environment = field(default_factory=environment)

    def page(
        self,
        request: Request,
        name: str,
        values: Mapping[str, object],
        status: int = 200,
    ) -> HTMLResponse:
        """The template `name` with these values and those that every page has."""
        visitor: Visitor | None = getattr(request.state, "visitor", None)
        all_values = self._values_of_all(request, visitor) | dict(values)
        return HTMLResponse(self.pages.get_template(name).render(all_values), status, PRIVATE)

    def _values_of_all(self, request: Request, visitor: Visitor | None) -> dict[str, object]:
        wording = wording_of(request)
        other = next(each for each in LANGUAGES if each != wording.language)
        may = visitor.permissions if visitor else frozenset()
        return {
            "say": wording.say,
            "language": wording.language,
            "codes": sentences(),
            "asset": asset,
            "bureau": self.bureau(),
            "visitor": visitor,
            "role": wording.word("role", visitor.staff.role) if visitor else "",
            "csrf": visitor.csrf if visitor else "",
            "can": {name: needed in may for name, needed in LINKED.items()},
            "alarms": self._unseen(visitor),
            "section": "",
            "filter": None,
            "other_language": with_next(f"/language/{other}", return_path(request)),
            "printed": wording.say("app.printed", time=exact_time(now())),
        }

    def _unseen(self, visitor: Visitor | None) -> int:
        may = visitor is not None and Permission.READ_RECORDS in visitor.permissions
        return self.alarms(visitor.only_community) if visitor and may else 0


def wording_of(request: Request) -> Wording:
    """In the language that the visitor reads."""
    language = language_of(request)
    return Wording(speaker(language), language)


def return_path(request: Request) -> str:
    """The page to return to after changing the language or signing in. Where a form is posted
    something answers GET, too."""
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query
