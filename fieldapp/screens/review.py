"""Everything on one page before the seal, with what is missing marked."""

from collections.abc import Callable

import flet as ft

from fieldapp.report.entry import Entry
from fieldapp.screens.answer import changes_line
from fieldapp.screens.badges import flaw_text, flaws_at, notice
from fieldapp.screens.clock_card import clock_card
from fieldapp.screens.context import use_field_state
from fieldapp.screens.far_card import far_card
from fieldapp.screens.optional_fields import slips_below
from fieldapp.screens.steps import steps
from fieldapp.state import FieldState, paths
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler
from fieldapp.widgets.confirm_button import confirm_button
from fieldapp.widgets.facts import facts
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.parts import card, chip
from fieldapp.widgets.photos import photo_row
from fieldapp.widgets.text_field import FieldSpec, text_field

STEPS = {  # by screen of the flow: the fields that are answered there, and its address
    "place": (("place", "fix"), paths.PLACE),
    "seen": (("signs", "disguises", "subjects", "time_slots", "count_band"), paths.SEEN),
}


@ft.component
def Review() -> ft.View:
    state, say = use_field_state()
    unwanted, ask = ft.use_state("")  # the photo of which it was asked whether to take it away

    def remover(sha256: str) -> ft.Control:
        words = say("review.remove"), say("review.sure")
        once_more = None if sha256 == unwanted else handler(ask, sha256)
        return confirm_button(
            f"remove-{sha256[:8]}", words, handler(state.photo.remove, sha256), once_more
        )

    draft, back = state.draft.entry, handler(state.go, paths.SEEN)
    return page(
        head(say("review.title"), _readiness(state, say), back, say("back")),
        [steps(state, say, 4), *(_body(state, say, draft, remover) if draft else [])],
        [*notice(state, say), _actions(state, say)],
        viewport=state.viewport,
    )


def _readiness(state: FieldState, say: Speak) -> ft.Control:
    if state.draft.flaws:
        return chip(ft.Icons.PRIORITY_HIGH, say("review.fix"), theme.DANGER)
    return chip(ft.Icons.CHECK, say("seen.saved"), theme.OK)


def _actions(state: FieldState, say: Speak) -> ft.Control:
    return side_by_side(
        button("seal", say("seen.seal"), handler(state.outbox.seal)),
        button("photo", say("seen.photo"), handler(state.place.next_step), "quiet"),
        state.viewport,
        left_handed=state.settings.chosen.left_handed,
    )


def _body(
    state: FieldState, say: Speak, draft: Entry, remover: Callable[[str], ft.Control]
) -> list[ft.Control]:
    return [
        *clock_card(state, say),
        *far_card(state, say),
        *changes_line(draft, say),
        *_flaws_of_step(state, say, "place"),
        *_flaws_of_step(state, say, "seen"),
        *facts(draft.report, say, state.bureau.lists, state.now()),
        *_words(state, say, draft),
        *flaws_at(state, say, "photos"),
        *photo_row(draft.report.photos, state.thumbnails.jpegs, remover, say),
    ]


def _flaws_of_step(state: FieldState, say: Speak, screen: str) -> list[ft.Control]:
    """The flaws of one screen's fields, and the button to it; [] if there are none."""
    fields, path = STEPS[screen]
    found = flaws_at(state, say, *fields)
    if not found:
        return []
    mend = button(
        f"mend-{screen}", say(f"{screen}.title"), handler(state.go, path), "quiet", height=56
    )
    return [card([*found, mend], tone=theme.DANGER)]


def _words(state: FieldState, say: Speak, draft: Entry) -> list[ft.Control]:
    async def note(text: str) -> None:
        await state.draft.type("note", text)

    wrong = "" if state.draft.personal_data.get("note") else flaw_text(state, say, "note")
    form = FieldSpec("note", say("seen.note"), 200, 2, wrong, state.draft.text_edition, marked=True)
    field = text_field(form, draft.report.note, note)
    slips = [*slips_below(state, say, "note"), *slips_below(state, say, "institution")]
    return [*flaws_at(state, say, "institution"), field, *slips]
