"""What nobody has to fill in: subjects, school stage, times, name on the board, a note."""

import flet as ft

from fieldapp.screens.doors import listed
from fieldapp.screens.here import here
from fieldapp.screens.personal_data_card import slip_card
from fieldapp.screens.question import asked
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.parts import section
from fieldapp.widgets.text_field import FieldSpec, writing
from fieldapp.widgets.tiles import fitting, tile


@ft.component
def Extras() -> ft.Control:
    """Open from the start where the bureau asked something: the answer goes into the note."""
    state, say = here()
    wide, widen = ft.use_state(_answering(state))
    review = button("review", say("seen.review"), then(state.review), "plain", height=56)
    if not wide or not state.draft:
        more = button("extras", say("seen.extra"), then(widen, True), "plain", height=56)
        parts: list[ft.Control] = [more, review]
    else:
        parts = [
            _note(state, say),
            _institution(state, say),
            *_several(state, say, "subject", "subjects", "seen.subjects"),
            *_stage(state, say),
            *_several(state, say, "time_slot", "time_slots", "seen.slots"),
            *_conflict(state, say),
            review,
        ]
    return ft.Column(parts, spacing=theme.GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def Board() -> ft.Control:
    """The name on the signboard, for an advertisement; the note only for an answer."""
    state, say = here()
    review = button("review", say("seen.review"), then(state.review), "plain", height=56)
    note = [_note(state, say)] if _answering(state) else []
    parts = [*note, _institution(state, say), review]
    return ft.Column(parts, spacing=theme.GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _answering(state: FieldState) -> bool:
    return bool(state.draft and asked(state.draft))


def _several(state: FieldState, say: Speak, name: str, field: str, words: str) -> list[ft.Control]:
    held = getattr(state.draft.report, field) if state.draft else ()
    tiles = [
        tile(
            f"{name}-{code}",
            state.lists.word(name, code, say("lang")),
            then(state.toggle, field, code),
            chosen=code in held,
        )
        for code in state.lists.offered(name)
    ]
    return section(say(words), fitting(tiles, state.room))


def _stage(state: FieldState, say: Speak) -> list[ft.Control]:
    held = state.draft.report.stage if state.draft else None
    tiles = [
        tile(
            f"stage-{code}",
            state.lists.word("stage", code, say("lang")),
            then(state.answer, "stage", None if code == held else code),
            chosen=code == held,
        )
        for code in state.lists.offered("stage")
    ]
    return section(say("seen.stage"), fitting(tiles, state.room))


def _institution(state: FieldState, say: Speak) -> ft.Control:
    async def told(text: str) -> None:
        await state.note("institution", text)

    form = FieldSpec("institution", say("seen.institution"), 50, edition=state.cuts)
    start = state.draft.report.institution if state.draft else ""
    return ft.Column(
        [writing(form, start, told), *listed(state.board, say)],
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
    )


def _note(state: FieldState, say: Speak) -> ft.Control:
    async def told(text: str) -> None:
        await state.note("note", text)

    form = FieldSpec("note", say("seen.note"), 200, 3, edition=state.cuts)
    start = state.draft.report.note if state.draft else ""
    return writing(form, start, told)


def slipped(state: FieldState, say: Speak) -> list[ft.Control]:
    """Above the actions, where it is seen beside the keyboard and moves nothing that is typed."""
    return [
        part
        for field, found in state.slips.items()
        for part in slip_card(field, found, say, then(state.cut, field))
    ]


def _conflict(state: FieldState, say: Speak) -> list[ft.Control]:
    held = bool(state.draft and state.draft.report.conflict_of_interest)
    flip = then(state.answer, "conflict_of_interest", not held)
    return [tile("conflict", say("seen.conflict"), flip, chosen=held)]
