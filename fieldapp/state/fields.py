"""The fields that screens read, and the two ways in which every verb writes: keep and go."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import flet as ft

from contract.codelists import CodeLists, built_in
from contract.patrol import Alarm, Patrol
from contract.place import Fix
from contract.protocol import Answer
from contract.reference import Compound, Institution, Places, Reference
from contract.rules import Flaw
from fieldapp.courier.progress import RoundResult
from fieldapp.memory.memory import Identity, WorkerSettings
from fieldapp.memory.notices import UnseenCounts
from fieldapp.ports import DiskFull, Frame, Mask, NotebookClosed, Sighting
from fieldapp.report.entry import Entry, Stage
from fieldapp.report.parcel import Parcel
from fieldapp.report.personal_data import PersonalDataFind
from fieldapp.state import paths
from fieldapp.state.face_search import FaceSearch
from fieldapp.state.kit import Kit
from fieldapp.state.locking import Lock
from fieldapp.state.search import ReportFilter
from fieldapp.state.sync_progress import SyncProgress
from fieldapp.ui.viewport import Viewport

Result = TypeVar("Result")


@dataclass(eq=False)
class Fields(ft.Observable):
    """Only verbs write these; a screen is a function of them."""

    kit: Kit
    identity: Identity | None = None
    settings: WorkerSettings = field(default_factory=WorkerSettings)
    lists: CodeLists = field(default_factory=built_in)
    places: Places = field(default_factory=lambda: Places(version=""))
    reference: Reference = field(default_factory=lambda: Reference(version=""))
    lately: tuple[str, ...] = ()  # compounds of the last reports, the last one first
    patrol: Patrol | None = None
    paused: bool = False
    over: Patrol | None = None  # the one that was just ended, for its summary
    logged: tuple[Entry, ...] = ()  # in this patrol, newest first
    here: Fix | None = None  # where something was last logged, when the list was opened
    order: tuple[Compound, ...] = ()  # the compounds to visit
    alarm: Alarm | None = None  # while the card is open
    room: Viewport = field(default_factory=Viewport)
    notice: str = ""  # the code of a sentence to show once

    draft: Entry | None = None
    flaws: tuple[Flaw, ...] = ()
    sighting: Sighting | None = None
    cuts: int = 0  # a text field begins anew after its words were cut
    slips: Mapping[str, tuple[PersonalDataFind, ...]] = field(
        default_factory=dict
    )  # by field of the draft
    board: tuple[Institution, ...] = ()  # licensed ones that the typed name may be
    habits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    locating: bool = False
    card_confirmed: bool = False
    sealed: Entry | None = None  # while it may be undone
    parcel: Parcel | None = None

    aimed: bool = False
    torch: bool = False
    frame: Frame | None = None
    preview: Frame | None = None
    printed: tuple[Mask, ...] = ()  # the masks that the preview shows
    masks: tuple[Mask, ...] = ()
    chosen: int = 0  # of the masks: the one that the buttons move
    glance: FaceSearch = FaceSearch.OFF
    suggested: int = 0  # how many masks the phone set itself
    shot_at: datetime | None = None
    thumbs: Mapping[str, bytes] = field(default_factory=dict)

    counts: Mapping[Stage, int] = field(default_factory=dict)
    recent: tuple[Entry, ...] = ()
    waiting: int = 0
    traffic: SyncProgress = field(default_factory=SyncProgress)
    enrolling: bool = False  # again, though the phone has a name: the bureau no longer knows it
    busy: bool = False
    last: RoundResult | None = None
    why: str = ""  # the last round did not end well, in this run of the app or before
    held: bool = False  # photos wait for Wi-Fi, as the worker wants it
    by_data: bool = False  # these photos may go over any network, though the setting says Wi-Fi
    synced_at: datetime | None = None  # the last round that ended well
    unfinished: tuple[Entry, ...] = ()  # what the bureau does not have wholly, while one looks
    watching: bool = False

    opened: Entry | None = None
    strays: tuple[Answer, ...] = ()  # answers about reports that this phone no longer holds
    listed: tuple[Entry, ...] = ()
    more: bool = False
    pile: ReportFilter = ReportFilter.ALL
    wanted: str = ""  # pieces to find in a report
    unread: frozenset[UUID] = frozenset()  # reports with answers that nobody has read
    questions: int = 0  # reports in which the bureau asks for something
    news: UnseenCounts = field(default_factory=UnseenCounts)
    used: int = 0
    lock: Lock = field(default_factory=Lock)
    diagnosis: str = ""
    jotted: str = ""  # a suggestion that is being written
    pen: asyncio.Lock = field(default_factory=asyncio.Lock)

    def now(self) -> datetime:
        return self.kit.clock.now()

    async def keep(self, work: Callable[[], Result]) -> Result | None:
        """Runs blocking work on notebook, album or darkroom in a thread, one piece at a time. A
        full storage is told; the screen keeps what it shows."""
        try:
            async with self.pen:
                return await asyncio.to_thread(work)
        except NotebookClosed:  # the app is about to begin again, without what was here
            return None
        except DiskFull:
            self.notice = "why.full"
            return None

    def go(self, path: str) -> None:
        self.notice = ""
        self.kit.navigate(path)

    def quietly(self, **changes: Any) -> None:
        """Sets fields without a rendering: what is being typed must not come back to its field."""
        for name, value in changes.items():
            object.__setattr__(self, name, value)

    def home(self) -> None:
        self.go(paths.HOME)

    def back(self, path: str) -> None:
        """One step up from `path`: what the system's back button means."""
        self.go(path.rpartition("/")[0] or paths.HOME)
