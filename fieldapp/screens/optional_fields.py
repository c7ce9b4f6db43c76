"""The optional fields of a report: subjects, school stage, times, name on the signboard, note."""

import flet as ft

from fieldapp.screens.buildings import licensed_lines
from fieldapp.screens.context import use_field_state
from fieldapp.screens.personal_data_card import personal_data_card
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.parts import section
from fieldapp.widgets.text_field import FieldSpec, text_field
from fieldapp.widgets.tiles import fitting_rows, tile

COMPLAINT = "COMPLAINT_REF"  # of the list `sign`


@ft.component
def OptionalFields() -> ft.Control:
    """Folded, except where the bureau asked something, for the answer goes into the note, and where
    personal data has to be cut."""
    state, say = use_field_state()
    wide, widen = ft.use_state(_answering(state) or bool(state.draft.personal_data))
    review = button("review", say("seen.review"), handler(state.draft.review), "plain", height=56)
    if not wide or not state.draft.entry:
        more = button("extras", say("seen.extra"), handler(widen, True), "plain", height=56)
        parts: list[ft.Control] = [more, review]
    else:
        parts = [
            *([] if has_complaint(state) else [note_field(state, say)]),
            _institution(state, say),
            *_several_of(state, say, "subject", "subjects", "seen.subjects"),
            *_stage(state, say),
            *_several_of(state, say, "time_slot", "time_slots", "seen.slots"),
            *_conflict(state, say),
            review,
        ]
    return ft.Column(parts, spacing=theme.GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def SignboardFields() -> ft.Control:
    """The optional field of an advertisement; with the note where the bureau asked something."""
    state, say = use_field_state()
    review = button("review", say("seen.review"), handler(state.draft.review), "plain", height=56)
    note = [note_field(state, say)] if _answering(state) else []
    parts = [*note, _institution(state, say), review]
    return ft.Column(parts, spacing=theme.GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _answering(state: FieldState) -> bool:
    return bool(state.draft.entry and state.draft.entry.is_asked)


def _several_of(
    state: FieldState, say: Speak, name: str, field: str, words: str
) -> list[ft.Control]:
    held = getattr(state.draft.entry.report, field) if state.draft.entry else ()
    tiles = [
        tile(
            f"{name}-{code}",
            state.bureau.lists.word(name, code, say("lang")),
            handler(state.draft.toggle, field, code),
            chosen=code in held,
        )
        for code in state.bureau.lists.offered(name)
    ]
    return section(say(words), fitting_rows(tiles, state.viewport))


def _stage(state: FieldState, say: Speak) -> list[ft.Control]:
    held = state.draft.entry.report.stage if state.draft.entry else None
    tiles = [
        tile(
            f"stage-{code}",
            state.bureau.lists.word("stage", code, say("lang")),
            handler(state.draft.answer, "stage", None if code == held else code),
            chosen=code == held,
        )
        for code in state.bureau.lists.offered("stage")
    ]
    return section(say("seen.stage"), fitting_rows(tiles, state.viewport))


def _institution(state: FieldState, say: Speak) -> ft.Control:
    async def on_text(text: str) -> None:
        await state.draft.type("institution", text)

    words, edition = say("seen.institution"), state.draft.text_edition
    form = FieldSpec("institution", words, 50, edition=edition, marked=True)
    start = state.draft.entry.report.institution if state.draft.entry else ""
    return ft.Column(
        [
            text_field(form, start, on_text),
            *slips_below(state, say, "institution"),
            *licensed_lines(state.draft.licensed, say),
        ],
        spacing=theme.GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
    )


def has_complaint(state: FieldState) -> bool:
    """A complaint is the sign: its number is asked beside the signs, and goes into the note."""
    return bool(state.draft.entry and COMPLAINT in state.draft.entry.report.signs)


def note_field(state: FieldState, say: Speak, label: str = "seen.note") -> ft.Control:
    async def on_text(text: str) -> None:
        await state.draft.type("note", text)

    form = FieldSpec("note", say(label), 200, 3, edition=state.draft.text_edition, marked=True)
    start = state.draft.entry.report.note if state.draft.entry else ""
    return ft.Column(
        [text_field(form, start, on_text), *slips_below(state, say, "note")],
        spacing=theme.GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
    )


def slips_below(state: FieldState, say: Speak, field: str) -> list[ft.Control]:
    """Personal data found in a text, below its field: the field that is being typed into does not
    move, and no action is covered. [] if there is none."""
    found = state.draft.personal_data.get(field, ())
    cut, mark = (handler(verb, field) for verb in (state.draft.cut, state.draft.mark_as_place))
    return personal_data_card(field, found, say, cut, mark)


def _conflict(state: FieldState, say: Speak) -> list[ft.Control]:
    held = bool(state.draft.entry and state.draft.entry.report.conflict_of_interest)
    flip = handler(state.draft.answer, "conflict_of_interest", not held)
    return [tile("conflict", say("seen.conflict"), flip, chosen=held)]
