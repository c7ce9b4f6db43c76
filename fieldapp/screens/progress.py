"""Upload progress, which changes four times a second: small components that are rendered alone."""

import flet as ft

from fieldapp.report.entry import Entry, Stage
from fieldapp.screens.context import use_field_state
from fieldapp.screens.remedies import reason_unsent, remedy_for
from fieldapp.state import FieldState
from fieldapp.state.photo_transfers import TransferAmount
from fieldapp.state.sync_progress import SyncProgress
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.parts import chip
from fieldapp.widgets.progress_bar import icon_line, progress_bar, stack
from fieldapp.widgets.text import body


@ft.component
def SyncBadge(progress: SyncProgress) -> ft.Control:
    """How sync stands, in one chip."""
    state, say = use_field_state()
    load = progress.photos.load()
    if state.sync.busy:
        words = say("sync.share", n=load.per_cent) if load.left else say("sync.busy")
        return chip(ft.Icons.SYNC, words, theme.INFO)
    if state.sync.waiting:
        words = say("sync.waiting", n=state.sync.waiting)
        return chip(ft.Icons.VERTICAL_ALIGN_TOP, words, theme.WARN)
    if left := load.left or len(progress.photos.to_go()):
        return chip(ft.Icons.VERTICAL_ALIGN_TOP, say("sync.photos_due", n=left), theme.WARN)
    return chip(ft.Icons.CHECK, say("sync.done"), theme.OK)


@ft.component
def OverallProgress(progress: SyncProgress) -> ft.Control:
    """What waits in the outbox, and the progress of all photos in bytes."""
    state, say = use_field_state()
    load, parts = progress.photos.load(), list[ft.Control]()
    if state.sync.busy:
        words = say("sync.share", n=load.per_cent) if load.left else say("sync.busy")
        parts.append(icon_line(ft.Icons.SYNC, words, theme.INFO))
    if state.sync.waiting:
        words = say("sync.waiting", n=state.sync.waiting)
        parts.append(icon_line(ft.Icons.VERTICAL_ALIGN_TOP, words, theme.WARN))
    if progress.photos.to_go():
        left = say("sync.left", n=load.left) if load.left else say("sync.confirming")
        parts += [body(f"{amount_line(load, say)} · {left}"), progress_bar(load.per_cent)]
    return stack(parts, "overall")


@ft.component
def ReportProgress(progress: SyncProgress, entry: Entry, brief: bool = False) -> ft.Control:
    """The progress of one report: 未同步, 同步中 n %, and its photos; `brief` on a card among
    others."""
    state, say = use_field_state()
    load = progress.photos.load_of([photo.sha256 for photo in entry.report.photos])
    name = f"far-{entry.report.id}"
    if entry.stage is Stage.SEALED:
        return stack([_sealed(state, say)], name)
    moving = state.sync.busy and progress.photos.moving in {p.sha256 for p in entry.report.photos}
    photos = say("sync.photos", sent=load.photos - load.left, all=load.photos)
    numbers = [] if brief else [body(f"{photos} · {amount_line(load, say)}", theme.MUTED)]
    return stack([_photos(load, moving, say), progress_bar(load.per_cent), *numbers], name)


def is_unfinished(entry: Entry, progress: SyncProgress) -> bool:
    """Whether something of this report is still on the phone alone."""
    photos = {photo.sha256 for photo in entry.report.photos}
    return entry.stage is Stage.SEALED or bool(photos & progress.photos.to_go())


def amount_line(load: TransferAmount, say: Speak) -> str:
    """In whole KB below one megabyte: a bar that moves beside "0.1 / 0.1 MB" looks broken."""
    if load.total < 1_000_000:
        return say("sync.bytes", sent=load.sent // 1000, all=load.total // 1000, unit="KB")
    mega = [f"{size / 1_000_000:.1f}" for size in (load.sent, load.total)]
    return say("sync.bytes", sent=mega[0], all=mega[1], unit="MB")


def _sealed(state: FieldState, say: Speak) -> ft.Control:
    """With what comes next, which the sync screen says once for all reports instead."""
    if state.sync.busy:
        return icon_line(ft.Icons.SYNC, say("sync.busy"), theme.INFO)
    words = [say("sync.unsent")]
    if not state.sync.watching:
        code = reason_unsent(state)
        words.append(say(remedy_for(code).next if code else "sync.pending"))
    return icon_line(ft.Icons.VERTICAL_ALIGN_TOP, " · ".join(words), theme.WARN)


def _photos(load: TransferAmount, moving: bool, say: Speak) -> ft.Control:
    if not load.left:
        return icon_line(ft.Icons.HOURGLASS_EMPTY, say("sync.confirming"), theme.INFO)
    if moving:
        return icon_line(ft.Icons.SYNC, say("sync.share", n=load.per_cent), theme.INFO)
    return icon_line(ft.Icons.VERTICAL_ALIGN_TOP, say("sync.photos_due", n=load.left), theme.WARN)
