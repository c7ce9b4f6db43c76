"""Answering the bureau on one screen: its question, the words, what may be changed, and send."""

import flet as ft

from fieldapp.report.entry import Entry
from fieldapp.screens.badges import flaw_text, flaws_at, notice
from fieldapp.screens.buildings import building_tiles
from fieldapp.screens.clock_card import clock_card
from fieldapp.screens.context import use_field_state
from fieldapp.screens.optional_fields import slips_below
from fieldapp.screens.place import compound_of
from fieldapp.screens.question import question_lines
from fieldapp.state import FieldState, paths
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import chip
from fieldapp.widgets.photos import photo_row
from fieldapp.widgets.reports import place_line
from fieldapp.widgets.text import body, muted, named, strong
from fieldapp.widgets.text_field import FieldSpec, text_field
from fieldapp.widgets.times import when


@ft.component
def AnswerBureau() -> ft.View:
    state, say = use_field_state()
    draft = state.draft.entry
    saved = chip(ft.Icons.CHECK, say("seen.saved"), theme.OK, identifier="saved")
    return page(
        head(say("report.reply"), saved, handler(state.leave, paths.ANSWER), say("back")),
        _form(state, say, draft) if draft else [body(say("report.gone"))],
        [*notice(state, say), *([_send(state, say)] if draft else [])],
        viewport=state.viewport,
    )


def _form(state: FieldState, say: Speak, draft: Entry) -> list[ft.Control]:
    report, chosen = draft.report, compound_of(state, draft)
    where = f"{place_line(report.place, say)} · {when(say, report.seen_at, state.now())}"
    return [
        *clock_card(state, say),
        muted(where),
        *question_lines(draft, say),
        *_flaws_elsewhere(state, say),
        *(building_tiles(state, say, chosen, report.place) if chosen else []),
        strong(say("answer.words")),
        _words(state, say, draft),
        *slips_below(state, say, "note"),
        *photo_row(report.photos, state.thumbnails.jpegs, None, say),
        *changes_line(draft, say),
        button("photo", say("answer.photo"), handler(state.photo.begin), "quiet", theme.TOUCH),
        button("more", say("answer.more"), handler(state.draft.change_more), "quiet", theme.TOUCH),
    ]


def _words(state: FieldState, say: Speak, draft: Entry) -> ft.Control:
    async def note(text: str) -> None:
        await state.draft.type("note", text)

    wrong = "" if state.draft.personal_data.get("note") else flaw_text(state, say, "note")
    form = FieldSpec("note", say("seen.note"), 200, 3, wrong, state.draft.text_edition, marked=True)
    return text_field(form, draft.report.note, note)


def changes_line(draft: Entry, say: Speak) -> list[ft.Control]:
    """What this revision changes of the last one; [] for a first one, or if nothing is changed."""
    words = changed_words(draft.changes, say)
    return [named("changes", strong(words, theme.INFO))] if words else []


def changed_words(codes: tuple[str, ...], say: Speak) -> str:
    """ "" if there is none."""
    names = say("list.comma").join(say(f"field.{code}") for code in codes)
    return say("what.changed", what=names) if names else ""


def _flaws_elsewhere(state: FieldState, say: Speak) -> list[ft.Control]:
    """What is wrong with fields that are not changed on this screen."""
    fields = {flaw.field for flaw in state.draft.flaws if not flaw.field.startswith("note")}
    return flaws_at(state, say, *fields) if fields else []


def _send(state: FieldState, say: Speak) -> ft.Control:
    return button("seal", say("answer.send"), handler(state.outbox.seal))
