"""The way to the bureau and back, as screens see it: counts, progress, what came home."""

import asyncio
from collections.abc import Awaitable, Callable

from fieldapp.entry import Entry, Stage
from fieldapp.ports import Offline, Refused
from fieldapp.rounds import Progress
from fieldapp.state import paths
from fieldapp.state.fields import Fields

SHOWN, PAGE = 4, 50
SOON, LATE = 15.0, 300.0  # seconds between two tries by themselves


class Sending(Fields):
    """Verbs about the road and what lies in the notebook."""

    async def open(self) -> None:
        """What the phone knew when it was closed, the unfinished draft included."""
        memory = self.kit.memory
        self.identity = await self.keep(memory.identity)
        self.settings = await self.keep(memory.settings) or self.settings
        self.kit.light(self.settings.theme)
        self.patrol = await self.keep(memory.patrol)
        if patrol := self.patrol:
            confirmed = await self.keep(lambda: memory.card_confirmed(patrol.id))
            self.card_confirmed = bool(confirmed)
        await self.refresh()
        drafts = await self.keep(lambda: self.kit.notebook.entries((Stage.DRAFT,), 1)) or ()
        self.draft = drafts[0] if drafts else None
        if self.draft:
            await self.develop_thumbs(self.draft)

    async def enrol(self, code: str, address: str) -> None:
        self.notice, self.busy = "", True
        try:
            self.identity = await self.kit.courier.enrol(code, self.kit.model, address)
        except Offline as offline:
            self.notice = f"why.{offline.why}"
        except Refused as refused:
            self.notice = f"why.{refused.code}"
        finally:
            self.busy = False
        self.enrolling = self.enrolling and bool(self.notice)
        if self.identity and not self.enrolling:
            await self.sync()

    def enrol_again(self) -> None:
        """The bureau no longer knows this phone: a new code gives it a new name."""
        self.enrolling = True

    async def sync(self) -> None:
        """One round trip, unless one is under way; never fails, tells why it did not work."""
        if self.busy or not self.identity:
            return
        self.busy = True
        try:
            photos = not self.settings.wifi_only or await self.kit.on_wifi()
            self.last = await self.kit.courier.round(photos=photos, told=self._heard)
        finally:
            self.busy, self.photo_share = False, 0
        await self.refresh()

    async def heartbeat(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """While the app is open: again soon when something waits, later and later when the road
        is bad, and now and then for answers."""
        pause = SOON
        while True:
            await sleep(pause)
            waiting = bool(self.waiting or self._photos_left())
            if waiting or pause >= LATE:
                await self.sync()
            failed = bool(self.last and self.last.why)
            pause = min(LATE, pause * 2) if failed or not waiting else SOON

    async def refresh(self) -> None:
        """Reads again what lists and badges show."""
        notebook, memory = self.kit.notebook, self.kit.memory
        self.counts = await self.keep(notebook.counts) or {}
        self.recent = tuple(await self.keep(lambda: notebook.entries((), SHOWN)) or ())
        self.waiting = await self.keep(notebook.waiting) or 0
        pictures = await self.keep(notebook.pictures) or ()
        self.photos_due = sum(picture.due and not picture.stored for picture in pictures)
        self.sent_photos = frozenset(picture.sha256 for picture in pictures if picture.stored)
        self.places = await self.keep(memory.places) or self.places
        self.lists = await self.keep(memory.lists) or self.lists
        if self.opened:
            await self.read(str(self.opened.report.id))

    async def turn(self) -> None:
        """The next page of one's reports; the first when none is open."""
        before = self.listed[-1] if self.listed else None
        notebook = self.kit.notebook
        page = await self.keep(lambda: notebook.entries((), PAGE, before)) or ()
        self.listed, self.more = (*self.listed, *page), len(page) == PAGE
        self.strays = tuple(await self.keep(notebook.answers) or ())

    async def first_page(self) -> None:
        self.listed = ()
        await self.turn()

    def list_reports(self) -> None:
        self.go(paths.REPORTS)

    async def show(self, entry: Entry) -> None:
        self.opened, self.thumbs = entry, {}
        self.go(paths.report(entry.report.id))
        await self.read(str(entry.report.id))

    def _heard(self, progress: Progress) -> None:
        if progress.photo_total:
            self.photo_share = round(100 * progress.photo_sent / progress.photo_total)

    def _photos_left(self) -> bool:
        return self.photos_due > 0
