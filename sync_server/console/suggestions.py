"""GET /suggestions: complaints and suggestions of workers; POST …/answer answers one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from sync_server.casework.fieldwork import answer_suggestion
from sync_server.console.access import needs
from sync_server.console.context import ConsoleContext
from sync_server.console.decision_form import flaw_words
from sync_server.console.forms import Form, check_token, read_form
from sync_server.console.printer import PRIVATE, now, wording_of
from sync_server.console.times import ShownTime, shown_time
from sync_server.console.words import Wording
from sync_server.domain.roles import Permission
from sync_server.problems import BadDecision, StateChanged
from sync_server.store import fieldwork
from sync_server.store.engine import DatabaseRow
from sync_server.store.readable import UnreadableRow

MOST = 100  # on the page


@dataclass(frozen=True, slots=True)
class SuggestionCard:
    """Not who made it: the answer finds its duty post without anybody looking."""

    id: str
    received: ShownTime
    text: str
    answered: ShownTime | None
    answer: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that was not sent: of which suggestion, its text, and why."""

    id: str = ""
    text: str = ""
    messages: tuple[str, ...] = ()


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/suggestions")
    @needs(Permission.READ_EVERYWHERE)
    def show(request: Request) -> Response:
        console.visitor(request)
        return _page(console, request, Draft(), 200)

    @router.get("/suggestions/{id}/answer")
    @needs(Permission.READ_EVERYWHERE)
    def again(id: UUID) -> Response:
        """The address that stays after an answer was refused, loaded again."""
        return RedirectResponse("/suggestions", 303, PRIVATE)

    @router.post("/suggestions/{id}/answer")
    @needs(Permission.DECIDE)
    def answer(request: Request, id: UUID, form: Annotated[Form, Depends(read_form)]) -> Response:
        return _answered(console, request, id, form)


def _answered(console: ConsoleContext, request: Request, id: UUID, form: Form) -> Response:
    """Sends the answer, or shows it again with the reason why it was not sent."""
    visitor = console.visitor(request)
    check_token(form, visitor.csrf)
    text, wording = form.get("answer", "").strip(), wording_of(request)
    try:
        answer_suggestion(console.store, visitor.staff, str(id), text, now())
    except BadDecision as bad:
        words = tuple(flaw_words((bad.code,), wording))
        return _page(console, request, Draft(str(id), text, words), bad.status)
    except StateChanged as conflict:
        words = (wording.say("suggestions.conflict", text=text),)
        return _page(console, request, Draft(str(id), text, words), conflict.status)
    return RedirectResponse("/suggestions", 303, PRIVATE)


def _page(console: ConsoleContext, request: Request, draft: Draft, status: int) -> Response:
    wording, time = wording_of(request), now()
    with console.store.reading() as tx:
        rows = fieldwork.suggestions_of(tx, MOST)
    cards = [_card(row, time, wording) for row in rows if not isinstance(row, UnreadableRow)]
    values = {
        "title": wording.say("suggestions.title"),
        "section": "suggestions",
        "cards": cards,
        "unreadable": len(rows) - len(cards),
        "draft": draft,
        "may_answer": Permission.DECIDE in request.state.visitor.permissions,
    }
    return console.printer.page(request, "suggestions.html", values, status)


def _card(row: DatabaseRow, time: datetime, wording: Wording) -> SuggestionCard:
    answered = shown_time(row.answered_at, time, wording.say) if row.answered_at else None
    received = shown_time(row.received_at, time, wording.say)
    return SuggestionCard(row.id, received, row.text, answered, row.answer)
