"""Everything on one page before the seal; what is missing stands marked where it is missing."""

from collections.abc import Callable

import flet as ft

from fieldapp.report.entry import Entry
from fieldapp.screens.badges import flaws_at, notice, wrong_with
from fieldapp.screens.extras import slipped
from fieldapp.screens.here import here
from fieldapp.state import FieldState, paths
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, then
from fieldapp.widgets.confirm_button import confirm_button
from fieldapp.widgets.facts import facts
from fieldapp.widgets.page import head, page, side_by_side
from fieldapp.widgets.parts import card, chip, steps
from fieldapp.widgets.photos import photo_row
from fieldapp.widgets.text_field import FieldSpec, writing

PARTS = {  # a screen of the flow: the fields that are answered there, and the way to it
    "place": (("place", "fix"), paths.PLACE),
    "seen": (("signs", "disguises", "subjects", "time_slots", "count_band"), paths.SEEN),
}


@ft.component
def Review() -> ft.View:
    state, say = here()
    unwanted, ask = ft.use_state("")  # the photo of which it was asked whether to take it away

    def remover(sha256: str) -> ft.Control:
        words = say("review.remove"), say("review.sure")
        once_more = None if sha256 == unwanted else then(ask, sha256)
        return confirm_button(f"remove-{sha256[:8]}", words, then(state.remove, sha256), once_more)

    marked = chip(ft.Icons.PRIORITY_HIGH, say("review.fix"), theme.DANGER)
    ready = chip(ft.Icons.CHECK, say("seen.saved"), theme.OK)
    back = then(state.go, paths.SEEN)
    actions = side_by_side(
        button("seal", say("seen.seal"), then(state.seal)),
        button("photo", say("seen.photo"), then(state.onward), "quiet"),
        left_handed=state.settings.left_handed,
    )
    return page(
        head(say("review.title"), marked if state.flaws else ready, back, say("back")),
        [steps(4), *(_body(state, say, state.draft, remover) if state.draft else [])],
        [*notice(state, say), *slipped(state, say), actions],
        room=state.room,
    )


def _body(
    state: FieldState, say: Speak, draft: Entry, remover: Callable[[str], ft.Control]
) -> list[ft.Control]:
    return [
        *_part(state, say, "place"),
        *_part(state, say, "seen"),
        *facts(draft.report, say, state.lists, state.now()),
        *_words(state, say, draft),
        *flaws_at(state, say, "photos"),
        *photo_row(draft.report.photos, state.thumbs, remover, say),
    ]


def _part(state: FieldState, say: Speak, screen: str) -> list[ft.Control]:
    """A flaw, and the one tap to where it is mended; nothing where all is well."""
    fields, path = PARTS[screen]
    found = flaws_at(state, say, *fields)
    if not found:
        return []
    mend = button(
        f"mend-{screen}", say(f"{screen}.title"), then(state.go, path), "quiet", height=56
    )
    return [card([*found, mend], outline=theme.DANGER, edge=2)]


def _words(state: FieldState, say: Speak, draft: Entry) -> list[ft.Control]:
    async def note(text: str) -> None:
        await state.note("note", text)

    wrong = "" if state.slips.get("note") else wrong_with(state, say, "note")
    form = FieldSpec("note", say("seen.note"), 200, 2, wrong, state.cuts)
    field = writing(form, draft.report.note, note)
    return [*flaws_at(state, say, "institution"), field]
