"""Sync: what is being sent and how far, what waits and why, and what to do about it."""

import flet as ft

from fieldapp.report.entry import Entry, Stage
from fieldapp.screens.badges import card_context, notice, sync_lines
from fieldapp.screens.context import use_field_state
from fieldapp.screens.progress import OverallProgress
from fieldapp.screens.remedies import reason_unsent, remedy_for
from fieldapp.state import FieldState, paths
from fieldapp.state.sync import MOST_LISTED
from fieldapp.ui import theme
from fieldapp.ui.words import Speak, why
from fieldapp.widgets.buttons import Kind, Tap, button, handler
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import card, section
from fieldapp.widgets.progress_bar import icon_line
from fieldapp.widgets.reports import report_card
from fieldapp.widgets.text import body, muted, named
from fieldapp.widgets.times import time_ago, when


@ft.component
def Sync() -> ft.View:
    state, say = use_field_state()
    ft.on_mounted(state.sync.watch)
    ft.on_unmounted(state.sync.unwatch)
    return page(
        head(say("sync.title"), None, handler(state.leave, paths.SYNC), say("back")),
        [*_trouble(state, say), _overall(state, say), *_rows(state, say)],
        [*notice(state, say), *_actions(state, say)],
        viewport=state.viewport,
    )


def _trouble(state: FieldState, say: Speak) -> list[ft.Control]:
    """Why nothing is sent, and what comes next; [] if all is well."""
    code = reason_unsent(state)
    if not code:
        return []
    mend = remedy_for(code)
    lines: list[ft.Control] = [
        icon_line(mend.icon, why(say, code), mend.colour),
        body(say(mend.next)),
    ]
    if (until := state.sync.deferred_until()) and code == "quota_used":
        at = when(say, until, state.now())
        lines.append(named("deferred-until", muted(say("sync.deferred_until", when=at))))
    return [card(lines, identifier="holding", tone=mend.colour)]


def _overall(state: FieldState, say: Speak) -> ft.Control:
    parts: list[ft.Control] = []
    if state.sync.busy or state.sync.waiting or state.sync.progress.photos.to_go():
        parts = [OverallProgress(state.sync.progress)]
    elif not state.sync.unfinished:
        parts = [
            icon_line(ft.Icons.CHECK, say("sync.nothing"), theme.OK),
            body(say("sync.nothing_more")),
        ]
    return card([*parts, named("last-synced", muted(_last(state, say)))], identifier="all")


def _last(state: FieldState, say: Speak) -> str:
    if not state.sync.synced_at:
        return say("sync.never")
    return say("sync.last", ago=time_ago(say, state.sync.synced_at, state.now()))


def _rows(state: FieldState, say: Speak) -> list[ft.Control]:
    rows = [_row(state, entry, say) for entry in state.sync.unfinished]
    if len(rows) == MOST_LISTED:
        rows.append(muted(say("sync.only", n=MOST_LISTED)))
    sealed = state.sync.counts.get(Stage.SEALED, 0)
    if (others := state.sync.waiting - sealed) > 0:
        rows.append(muted(say("sync.others", n=others)))
    return section(say("sync.rows"), rows)


def _row(state: FieldState, entry: Entry, say: Speak) -> ft.Control:
    parts = sync_lines(state, entry)
    refused = state.sync.last.photos_refused if state.sync.last else {}
    for photo in entry.report.photos:
        if photo.sha256 in refused:
            parts.append(icon_line(ft.Icons.CLOSE, why(say, refused[photo.sha256]), theme.DANGER))
    return report_card(entry, handler(state.reports.open, entry), card_context(state, say), parts)


def _actions(state: FieldState, say: Speak) -> list[ft.Control]:
    """The button that this trouble needs, if any, then the one that is always there."""
    offered: dict[str, tuple[str, Tap]] = {
        "enrol": ("enrol.again", handler(state.enrolment.begin_again)),
        "data": ("sync.by_data", handler(state.sync.run_by_data)),
    }
    wanted = remedy_for(reason_unsent(state)).button
    parts: list[ft.Control] = []
    if wanted in offered:
        words, tap = offered[wanted]
        parts.append(button(wanted, say(words), tap, "quiet"))
    if state.sync.waiting and state.sync.why:
        parts.append(
            button("save-unsent", say("sync.save"), handler(state.sync.save_unsent), "quiet")
        )
    words = "sync.busy" if state.sync.busy else "sync.retry" if state.sync.why else "sync.now"
    kind: Kind = "quiet" if state.sync.busy else "primary"
    return [*parts, button("retry", say(words), handler(state.sync.run), kind)]
