"""What was seen: signs in two taps, the rest if one likes; photos and the seal below."""

import flet as ft

from contract.report import Kind
from fieldapp.report.entry import Entry
from fieldapp.screens.answers import answer, offered
from fieldapp.screens.badges import flaws_at, notice
from fieldapp.screens.extras import Board, Extras, slipped
from fieldapp.screens.here import here
from fieldapp.screens.question import question
from fieldapp.state import FieldState
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.parts import card, chip, section, steps
from fieldapp.widgets.photos import photo_row
from fieldapp.widgets.text import named, strong
from fieldapp.widgets.tiles import fitting, tile

FIRST = 5  # of a long list; the sixth tile shows the rest
ON_A_WALL = "shown"  # the group of signs that an advertisement can be


@ft.component
def Seen() -> ft.View:
    state, say = here()
    draft = state.draft
    ad = bool(draft and draft.report.kind is Kind.AD)
    saved = chip(ft.Icons.CHECK, say("seen.saved"), theme.OK, identifier="saved")
    form = _ad if ad else _site
    return page(
        head(say("seen.ad" if ad else "seen.title"), saved, then(state.go, "/place"), say("back")),
        [steps(2), *([*question(draft, say), *form(state, say, draft)] if draft else [])],
        room=state.room,
        loose=[*notice(state, say), *_actions(state, say)],
    )


def _site(state: FieldState, say: Speak, draft: Entry) -> list[ft.Control]:
    return [
        *flaws_at(state, say, "signs"),
        Several("sign", "signs", say("seen.signs")),
        *_counts(state, say, draft),
        *flaws_at(state, say, "disguises"),
        Several("disguise", "disguises", say("seen.disguises")),
        *photo_row(draft.report.photos, state.thumbs, None, say),
        Extras(),
    ]


def _ad(state: FieldState, say: Speak, draft: Entry) -> list[ft.Control]:
    """Short: where it hangs, what it calls itself, whose it is. None of it has to be said."""
    return [
        *flaws_at(state, say, "signs"),
        Several("sign", "signs", say("seen.ad_signs"), ON_A_WALL),
        *flaws_at(state, say, "disguises"),
        Several("disguise", "disguises", say("seen.disguises")),
        *photo_row(draft.report.photos, state.thumbs, None, say),
        Board(),
    ]


@ft.component
def Several(name: str, field: str, words: str, group: str = "") -> ft.Control:
    """A list of which several may hold: six tiles, and the others on demand. Of a `group` only its
    own, where the bureau's list knows it."""
    state, say = here()
    wide, widen = ft.use_state(False)
    held = getattr(state.draft.report, field) if state.draft else ()
    codes = offered(state, name, group)
    shown = [code for n, code in enumerate(codes) if wide or n < FIRST or code in held]
    tiles: list[ft.Control] = [
        answer(state, say, (name, code), then(state.toggle, field, code), chosen=code in held)
        for code in shown
    ]
    if len(codes) > len(shown) or wide:
        more = say("seen.less") if wide else say("seen.more")
        tiles.append(tile(f"{name}-more", more, then(widen, not wide)))
    return ft.Column(
        section(words, fitting(tiles, state.room)),
        spacing=theme.GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _counts(state: FieldState, say: Speak, draft: Entry) -> list[ft.Control]:
    band = draft.report.count_band
    tiles = [
        tile(
            f"count-{code}",
            state.lists.word("count_band", code, say("lang")),
            then(state.answer, "count_band", None if code == band else code),
            chosen=code == band,
        )
        for code in state.lists.offered("count_band")
        if code != "B0"
    ]
    return section(say("seen.count"), fitting(tiles, state.room))


def _actions(state: FieldState, say: Speak) -> list[ft.Control]:
    """The card is on screen until it is confirmed, and the tap on the photo button confirms it: so
    there is no such button where a slip stands in the place of the card (rule L5)."""
    slips, seal = slipped(state, say), button("seal", say("seen.seal"), then(state.seal))
    if slips and not state.card_confirmed:
        return [*slips, seal]
    words = say("seen.photo") if state.card_confirmed else say("seen.photo_first")
    pair = side_by_side(
        seal,
        button("photo", words, then(state.photograph), "quiet"),
        left_handed=state.settings.left_handed,
    )
    return [*slips, pair] if state.card_confirmed else [_card(say), pair]


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
    return named("card", card(lines, outline=theme.INFO))
