"""Sync: what is on its way and how far, what waits and why, and what to do about it."""

import flet as ft

from fieldapp.report.entry import Entry, Stage
from fieldapp.screens.badges import notice, on_its_way, reader_of
from fieldapp.screens.here import here
from fieldapp.screens.progress import Overall
from fieldapp.screens.remedies import holding, remedy
from fieldapp.state import FieldState
from fieldapp.state.reading import LISTED
from fieldapp.ui import theme
from fieldapp.ui.words import Speak, why
from fieldapp.widgets.buttons import Kind, Tap, button, then
from fieldapp.widgets.gauge import sign
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card, section
from fieldapp.widgets.reports import report_card
from fieldapp.widgets.text import body, named, quiet
from fieldapp.widgets.times import ago


@ft.component
def Sync() -> ft.View:
    state, say = here()
    ft.on_mounted(state.watch)
    ft.on_unmounted(state.unwatch)
    return page(
        head(say("sync.title"), None, then(state.home), say("back")),
        [*_trouble(state, say), _overall(state, say), *_rows(state, say)],
        [*notice(state, say), *_actions(state, say)],
        room=state.room,
    )


def _trouble(state: FieldState, say: Speak) -> list[ft.Control]:
    """Why it does not go on, and what comes next."""
    code = holding(state)
    if not code:
        return []
    mend = remedy(code)
    told = [sign(mend.icon, why(say, code), mend.colour), body(say(mend.then))]
    return [card(told, identifier="holding", outline=mend.colour, edge=2)]


def _overall(state: FieldState, say: Speak) -> ft.Control:
    parts: list[ft.Control] = []
    if state.busy or state.waiting or state.traffic.freight.to_go():
        parts = [Overall(state.traffic)]
    elif not state.unfinished:
        parts = [
            sign(ft.Icons.CHECK, say("sync.nothing"), theme.OK),
            body(say("sync.nothing_more")),
        ]
    return card([*parts, named("last-synced", quiet(_last(state, say)))], identifier="all")


def _last(state: FieldState, say: Speak) -> str:
    if not state.synced_at:
        return say("sync.never")
    return say("sync.last", ago=ago(say, state.synced_at, state.now()))


def _rows(state: FieldState, say: Speak) -> list[ft.Control]:
    rows = [_row(state, entry, say) for entry in state.unfinished]
    if len(rows) == LISTED:
        rows.append(quiet(say("sync.only", n=LISTED)))
    sealed = state.counts.get(Stage.SEALED, 0)
    if (others := state.waiting - sealed) > 0:
        rows.append(quiet(say("sync.others", n=others)))
    return section(say("sync.rows"), rows)


def _row(state: FieldState, entry: Entry, say: Speak) -> ft.Control:
    parts = on_its_way(state, entry)
    refused = state.last.photos_refused if state.last else {}
    for photo in entry.report.photos:
        if photo.sha256 in refused:
            parts.append(sign(ft.Icons.CLOSE, why(say, refused[photo.sha256]), theme.DANGER))
    return report_card(entry, then(state.show, entry), reader_of(state, say), parts)


def _actions(state: FieldState, say: Speak) -> list[ft.Control]:
    """What this trouble asks for, then the button that is always there."""
    offered: dict[str, tuple[str, Tap]] = {
        "enrol": ("enrol.again", then(state.enrol_again)),
        "data": ("sync.by_data", then(state.sync_by_data)),
    }
    wanted = remedy(holding(state)).button
    parts: list[ft.Control] = []
    if wanted in offered:
        words, tap = offered[wanted]
        parts.append(button(wanted, say(words), tap, "quiet"))
    words = "sync.busy" if state.busy else "sync.retry" if state.why else "sync.now"
    kind: Kind = "quiet" if state.busy else "primary"
    return [*parts, button("retry", say(words), then(state.sync), kind)]
