"""What changes four times a second while photos travel: small parts that are rendered alone."""

import flet as ft

from fieldapp.report.entry import Entry, Stage
from fieldapp.screens.here import here
from fieldapp.screens.remedies import holding, remedy
from fieldapp.state import FieldState
from fieldapp.state.photo_transfers import TransferAmount
from fieldapp.state.sync_progress import SyncProgress
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.gauge import bar, sign, stack
from fieldapp.widgets.parts import chip
from fieldapp.widgets.text import body


@ft.component
def SyncBadge(traffic: SyncProgress) -> ft.Control:
    """How the road home stands, in one chip."""
    state, say = here()
    load = traffic.freight.load()
    if state.busy:
        words = say("sync.share", n=load.per_cent) if load.left else say("sync.busy")
        return chip(ft.Icons.SYNC, words, theme.INFO)
    if state.waiting:
        words = say("sync.waiting", n=state.waiting)
        return chip(ft.Icons.VERTICAL_ALIGN_TOP, words, theme.WARN)
    if left := load.left or len(traffic.freight.to_go()):
        return chip(ft.Icons.VERTICAL_ALIGN_TOP, say("sync.photos_due", n=left), theme.WARN)
    return chip(ft.Icons.CHECK, say("sync.done"), theme.OK)


@ft.component
def Overall(traffic: SyncProgress) -> ft.Control:
    """What waits, and all photos that are under way, in bytes."""
    state, say = here()
    load, parts = traffic.freight.load(), list[ft.Control]()
    if state.busy:
        words = say("sync.share", n=load.per_cent) if load.left else say("sync.busy")
        parts.append(sign(ft.Icons.SYNC, words, theme.INFO))
    if state.waiting:
        words = say("sync.waiting", n=state.waiting)
        parts.append(sign(ft.Icons.VERTICAL_ALIGN_TOP, words, theme.WARN))
    if traffic.freight.to_go():
        left = say("sync.left", n=load.left) if load.left else say("sync.confirming")
        parts += [body(f"{amount(load, say)} · {left}"), bar(load.per_cent)]
    return stack(parts, "overall")


@ft.component
def HowFar(traffic: SyncProgress, entry: Entry, brief: bool = False) -> ft.Control:
    """One report on its way: 未同步, 同步中 n %, and where its photos are; `brief` on a card among
    others."""
    state, say = here()
    load = traffic.freight.load_of([photo.sha256 for photo in entry.report.photos])
    name = f"far-{entry.report.id}"
    if entry.stage is Stage.SEALED:
        return stack([_sealed(state, say)], name)
    moving = state.busy and traffic.freight.moving in {p.sha256 for p in entry.report.photos}
    photos = say("sync.photos", sent=load.photos - load.left, all=load.photos)
    numbers = [] if brief else [body(f"{photos} · {amount(load, say)}", theme.MUTED)]
    return stack([_photos(load, moving, say), bar(load.per_cent), *numbers], name)


def unfinished(entry: Entry, traffic: SyncProgress) -> bool:
    """Whether something of this report is still on the phone alone."""
    photos = {photo.sha256 for photo in entry.report.photos}
    return entry.stage is Stage.SEALED or bool(photos & traffic.freight.to_go())


def amount(load: TransferAmount, say: Speak) -> str:
    """In whole KB until there is a megabyte: a bar that moves beside 0.1 of 0.1 looks broken."""
    if load.total < 1_000_000:
        return say("sync.bytes", sent=load.sent // 1000, all=load.total // 1000, unit="KB")
    mega = [f"{size / 1_000_000:.1f}" for size in (load.sent, load.total)]
    return say("sync.bytes", sent=mega[0], all=mega[1], unit="MB")


def _sealed(state: FieldState, say: Speak) -> ft.Control:
    """With what comes next, unless the screen says that once for all."""
    if state.busy:
        return sign(ft.Icons.SYNC, say("sync.busy"), theme.INFO)
    words = [say("sync.unsent")]
    if not state.watching:
        code = holding(state)
        words.append(say(remedy(code).then if code else "sync.pending"))
    return sign(ft.Icons.VERTICAL_ALIGN_TOP, " · ".join(words), theme.WARN)


def _photos(load: TransferAmount, moving: bool, say: Speak) -> ft.Control:
    if not load.left:
        return sign(ft.Icons.HOURGLASS_EMPTY, say("sync.confirming"), theme.INFO)
    if moving:
        return sign(ft.Icons.SYNC, say("sync.share", n=load.per_cent), theme.INFO)
    return sign(ft.Icons.VERTICAL_ALIGN_TOP, say("sync.photos_due", n=load.left), theme.WARN)
