"""GET /phrases: what is proposed for answers, by step and reason; /phrases/{slot} changes it, or
has the built-in phrases again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from sync_server.casework.phrases import SeenPhrases, change_phrases, slot_of, slots, written
from sync_server.console.access import needs
from sync_server.console.context import ConsoleContext
from sync_server.console.entry_form import CUT, FieldNote, entered, field_notes
from sync_server.console.forms import Form, check_token, read_form
from sync_server.console.offered_phrases import built_in_phrases, phrases_of
from sync_server.console.printer import PRIVATE, now, wording_of
from sync_server.console.record_list import order_number
from sync_server.console.state_badges import state_badge
from sync_server.console.times import ShownTime, shown_time
from sync_server.console.words import Wording
from sync_server.domain.phrases import PhraseSlot
from sync_server.domain.roles import Permission
from sync_server.problems import BadEntry, StateChanged
from sync_server.store import phrases
from sync_server.store.engine import Tx

RESET = "reset"


@dataclass(frozen=True, slots=True)
class PhraseLine:
    """One slot of the list. `changed`: when the bureau wrote its own phrases; None for those that
    are built in."""

    url: str
    word: str
    phrases: Sequence[str]
    changed: ShownTime | None


@dataclass(frozen=True, slots=True)
class ChangedPhrases:
    """What was entered and not kept, what is wrong with it, and the status of the page."""

    text: str | None = None
    notes: Mapping[str, FieldNote] | None = None
    status: int = 200


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/phrases")
    @needs(Permission.DECIDE)
    def show(request: Request) -> Response:
        return _list(console, request)

    @router.get("/phrases/{slot}")
    @needs(Permission.DECIDE)
    def one(request: Request, slot: str) -> Response:
        return _page(console, request, slot_of(slot), ChangedPhrases())

    @router.post("/phrases/{slot}")
    @needs(Permission.DECIDE)
    def post(request: Request, slot: str, form: Annotated[Form, Depends(read_form)]) -> Response:
        check_token(form, console.visitor(request).csrf)
        return _changed(console, request, slot_of(slot), form)


def _changed(console: ConsoleContext, request: Request, slot: PhraseSlot, form: Form) -> Response:
    """Keeps them, or shows the page again with what is wrong and what was written."""
    values, wording = entered(form, "text"), wording_of(request)
    if form.get(CUT):
        return _page(console, request, slot, ChangedPhrases(values["text"]))
    text = None if form.get("deed") == RESET else values["text"]
    seen: SeenPhrases = (slot.code, wording.language, order_number(form.get("n")) or 0)
    try:
        change_phrases(console.store, console.visitor(request).staff, seen, text, now())
    except BadEntry as bad:
        notes = field_notes(bad, values, wording)
        return _page(console, request, slot, ChangedPhrases(values["text"], notes, bad.status))
    except StateChanged as late:
        notes = {"text": FieldNote(wording.say("phrases.changed"))}
        return _page(console, request, slot, ChangedPhrases(values["text"], notes, late.status))
    return RedirectResponse(f"/phrases#of-{slot.state}", 303, PRIVATE)


def _list(console: ConsoleContext, request: Request) -> Response:
    wording = wording_of(request)
    groups: dict[str, list[PhraseLine]] = defaultdict(list)
    with console.store.reading() as tx:
        for slot, line in _lines(tx, wording):
            groups[slot.state].append(line)
    shown = [(state, state_badge(state, wording.language), some) for state, some in groups.items()]
    values = {"title": wording.say("phrases.title"), "section": "phrases", "groups": shown}
    return console.printer.page(request, "phrases.html", values)


def _lines(tx: Tx, wording: Wording) -> list[tuple[PhraseSlot, PhraseLine]]:
    kept, own, time = phrases.newest(tx, wording.language), written(tx, wording.language), now()
    found = []
    for slot in slots():
        row = kept.get(slot.code)
        at = shown_time(row.at, time, wording.say) if row and row.text is not None else None
        offered = phrases_of(slot, own, wording)
        found.append((slot, PhraseLine(f"/phrases/{slot.code}", _word(slot, wording), offered, at)))
    return found


def _word(slot: PhraseSlot, wording: Wording) -> str:
    return wording.word(slot.reasons, slot.reason) or wording.say("phrases.always")


def _page(
    console: ConsoleContext, request: Request, slot: PhraseSlot, said: ChangedPhrases
) -> Response:
    wording, time = wording_of(request), now()
    with console.store.reading() as tx:
        kept = phrases.versions(tx, slot.code, wording.language)
        offered = phrases_of(slot, written(tx, wording.language), wording)
    values = {
        "title": wording.say("phrases.of", reason=_word(slot, wording)),
        "section": "phrases",
        "slot": slot,
        "badge_of": state_badge(slot.state, wording.language),
        "n": kept[0].n if kept else 0,
        "text": "\n".join(offered) if said.text is None else said.text,
        "notes": said.notes or {},
        "is_own": bool(kept) and kept[0].text is not None,
        "default": built_in_phrases(slot.code, wording),
        "versions": [(shown_time(row.at, time, wording.say), row.staff, row.text) for row in kept],
    }
    return console.printer.page(request, "phrase.html", values, said.status)
