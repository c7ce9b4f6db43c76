"""What was seen: signs, and optional fields; photos and the seal below."""

import flet as ft

from contract.report import Kind
from fieldapp.report.entry import Entry
from fieldapp.screens.answers import answer_tile, offered_codes
from fieldapp.screens.badges import flaws_at, notice
from fieldapp.screens.clock_card import clock_card
from fieldapp.screens.context import use_field_state
from fieldapp.screens.optional_fields import (
    OptionalFields,
    SignboardFields,
    has_complaint,
    note_field,
)
from fieldapp.screens.question import question_lines
from fieldapp.screens.steps import steps
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.parts import card, chip, section
from fieldapp.widgets.photos import photo_row
from fieldapp.widgets.text import named, strong
from fieldapp.widgets.tiles import fitting_rows, tile

FIRST = 5  # codes of a long list; the sixth tile shows the rest
IN_ADS = "shown"  # the group of signs that an advertisement can be


@ft.component
def Seen() -> ft.View:
    state, say = use_field_state()
    draft = state.draft.entry
    ad = bool(draft and draft.report.kind is Kind.AD)
    saved = chip(ft.Icons.CHECK, say("seen.saved"), theme.OK, identifier="saved")
    form = _ad if ad else _site
    return page(
        head(
            say("seen.ad" if ad else "seen.title"), saved, handler(state.go, "/place"), say("back")
        ),
        [
            steps(state, say, 2),
            *clock_card(state, say),
            *([*question_lines(draft, say), *form(state, say, draft)] if draft else []),
        ],
        viewport=state.viewport,
        above_actions=[*notice(state, say), *_actions(state, say)],
    )


def _site(state: FieldState, say: Speak, draft: Entry) -> list[ft.Control]:
    return [
        *flaws_at(state, say, "signs"),
        SeveralOf("sign", "signs", say("seen.signs")),
        *([note_field(state, say, "seen.complaint")] if has_complaint(state) else []),
        *_counts(state, say, draft),
        *flaws_at(state, say, "disguises"),
        SeveralOf("disguise", "disguises", say("seen.disguises")),
        *photo_row(draft.report.photos, state.thumbnails.jpegs, None, say),
        OptionalFields(),
    ]


def _ad(state: FieldState, say: Speak, draft: Entry) -> list[ft.Control]:
    """An advertisement: a short form, with no field required."""
    return [
        *flaws_at(state, say, "signs"),
        SeveralOf("sign", "signs", say("seen.ad_signs"), IN_ADS),
        *flaws_at(state, say, "disguises"),
        SeveralOf("disguise", "disguises", say("seen.disguises")),
        *photo_row(draft.report.photos, state.thumbnails.jpegs, None, say),
        SignboardFields(),
    ]


@ft.component
def SeveralOf(name: str, field: str, words: str, group: str = "") -> ft.Control:
    """A code list of which several may be chosen: six tiles, and the others on demand. With a
    `group` only its codes, where the bureau's list knows it."""
    state, say = use_field_state()
    wide, widen = ft.use_state(False)
    held = getattr(state.draft.entry.report, field) if state.draft.entry else ()
    codes = offered_codes(state, name, group)
    shown = [code for n, code in enumerate(codes) if wide or n < FIRST or code in held]
    tiles: list[ft.Control] = [
        answer_tile(
            state, say, (name, code), handler(state.draft.toggle, field, code), chosen=code in held
        )
        for code in shown
    ]
    if len(codes) > len(shown) or wide:
        more = say("seen.less") if wide else say("seen.more")
        tiles.append(tile(f"{name}-more", more, handler(widen, not wide)))
    return ft.Column(
        section(words, fitting_rows(tiles, state.viewport)),
        spacing=theme.GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _counts(state: FieldState, say: Speak, draft: Entry) -> list[ft.Control]:
    band = draft.report.count_band
    tiles = [
        tile(
            f"count-{code}",
            state.bureau.lists.word("count_band", code, say("lang")),
            handler(state.draft.answer, "count_band", None if code == band else code),
            chosen=code == band,
        )
        for code in state.bureau.lists.offered("count_band")
        if code != "B0"
    ]
    return section(say("seen.count"), fitting_rows(tiles, state.viewport))


def _actions(state: FieldState, say: Speak) -> list[ft.Control]:
    """The card with the three lines stands above the photo button until a tap there confirms it
    (rule L5)."""
    words = say("seen.photo") if state.patrol.card_confirmed else say("seen.photo_first")
    pair = side_by_side(
        button("seal", say("seen.seal"), handler(state.outbox.seal)),
        button("photo", words, handler(state.photo.begin), "quiet"),
        state.viewport,
        left_handed=state.settings.chosen.left_handed,
    )
    return [pair] if state.patrol.card_confirmed else [_card(say), pair]


def _card(say: Speak) -> ft.Control:
    lines = [
        ft.Row(
            [
                ft.Icon(
                    ft.Icons.VERIFIED_USER_OUTLINED,
                    size=20,
                    color=theme.INFO,
                    apply_text_scaling=True,
                ),
                ft.Container(strong(say(f"card.{n}"), theme.INFO), expand=True),
            ],
            spacing=6,
        )
        for n in (1, 2, 3)
    ]
    return named("card", card(lines, tone=theme.INFO))
