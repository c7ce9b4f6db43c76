"""What lies in the notebook, read again for lists, badges and bars."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from contract.codelists import CodeLists
from contract.patrol import Patrol
from contract.reference import Places, Reference
from fieldapp.memory.notices import UnseenCounts, count_unseen
from fieldapp.report.entry import Entry, Stage
from fieldapp.report.recent_answers import LOOKED_BACK, recent_codes
from fieldapp.state import paths
from fieldapp.state.fields import Fields
from fieldapp.state.lookup import in_force
from fieldapp.state.photo_transfers import PhotoTransfers
from fieldapp.state.search import needs_worker

SHOWN, PAGE = 4, 50
LISTED = 30  # unfinished reports at once: more can nobody take in
MINUTE = 60.0
QUEUE_BEGAN, SYNCED = "queue_began", "synced_at"  # under these names the notebook remembers
WITH_PHOTOS = (Stage.DELIVERED, Stage.REVIEWED, Stage.DRAFT)


@dataclass(frozen=True, slots=True)
class NotebookView:
    """All that a screen may show of the notebook, read in one go."""

    counts: Mapping[Stage, int]
    recent: tuple[Entry, ...]
    logged: tuple[Entry, ...]
    waiting: int
    freight: PhotoTransfers
    places: Places
    reference: Reference
    lists: CodeLists
    unfinished: tuple[Entry, ...]
    opened: Entry | None
    unread: frozenset[UUID]
    questions: int
    news: UnseenCounts


class Reading(Fields):
    """Verbs that read and change nothing."""

    async def refresh(self) -> None:
        """Reads again what lists and badges show; one rendering for all of it."""
        coming = await self._sealed_photos()
        seen = await self.keep(lambda: self._glance(coming))
        if seen:
            self.traffic.settle(seen.freight)
            self.counts, self.recent, self.waiting = seen.counts, seen.recent, seen.waiting
            self.places, self.lists, self.reference = seen.places, seen.lists, seen.reference
            self.logged = seen.logged
            self.unfinished = seen.unfinished
            self.unread, self.questions, self.news = seen.unread, seen.questions, seen.news
            if self.opened and seen.opened and self.opened.report.id == seen.opened.report.id:
                self.opened = seen.opened

    async def watch(self) -> None:
        """The sync screen is looked at: its list is kept, and its minutes go by."""
        self.watching = True
        await self.refresh()
        while self.watching:
            await asyncio.sleep(MINUTE)
            if self.watching:
                self.notify()  # type: ignore[no-untyped-call]  # flet ships it so

    def unwatch(self) -> None:
        self.watching = False

    def left(self) -> None:
        """The page has gone, and with it whatever could be rendered."""
        self.quietly(watching=False)

    def look_at_sync(self) -> None:
        self.go(paths.SYNC)

    async def _sealed_photos(self) -> set[str]:
        """Page by page: five hundred reports in one go would keep a tap waiting for the pen."""
        notebook, shown = self.kit.notebook, set[str]()
        page = await self.keep(lambda: notebook.entries((Stage.SEALED,), PAGE)) or ()
        while page:
            shown |= _shown(page)
            last = page[-1]
            page = await self.keep(partial(notebook.entries, (Stage.SEALED,), PAGE, last)) or ()
        return shown

    def _glance(self, coming: set[str]) -> NotebookView:
        notebook, memory = self.kit.notebook, self.kit.memory
        freight, opened, mail = self._freight(coming), self.opened, memory.unread()
        asking = (notebook.entry(report) for report in mail.asked)
        places, reference = self._ground()
        return NotebookView(
            counts=notebook.counts(),
            recent=tuple(notebook.entries((), SHOWN)),
            logged=self._logged(self.patrol or self.over),
            waiting=notebook.waiting(),
            freight=freight,
            places=places,
            reference=reference,
            lists=memory.lists(),
            unfinished=self._unfinished(freight.to_go()) if self.watching else (),
            opened=notebook.entry(opened.report.id) if opened else None,
            unread=frozenset(mail.unread),
            questions=sum(entry is not None and needs_worker(entry) for entry in asking),
            news=self._news(reference),
        )

    def _news(self, held: Reference) -> UnseenCounts:
        notices = in_force(held, self.now().date())
        return count_unseen(self.kit.memory.seen(), notices, held.tasks or ())

    def _ground(self) -> tuple[Places, Reference]:
        """Hundreds of compounds and institutions are read again only in another edition."""
        memory = self.kit.memory
        if self.reference.version and memory.edition() == self.reference.version:
            return self.places, self.reference
        return memory.places(), memory.reference()

    async def develop_thumbs(self, entry: Entry) -> None:
        wanted = [photo.sha256 for photo in entry.report.photos]
        album = self.kit.album
        found = await self.keep(lambda: {sha: album.read(sha) for sha in wanted}) or {}
        self.thumbs = {sha: jpeg for sha, jpeg in found.items() if jpeg}

    async def learn(self) -> None:
        """What the worker answered lately. Read when a draft is opened, not at each tap: tiles that
        move under a thumb are hit wrongly."""
        notebook = self.kit.notebook
        lately = await self.keep(lambda: notebook.entries((), LOOKED_BACK)) or ()
        self.habits = recent_codes(
            entry.report for entry in lately if entry.stage is not Stage.DRAFT
        )

    def _logged(self, patrol: Patrol | None) -> tuple[Entry, ...]:
        """The reports of one patrol, newest first."""
        found: list[Entry] = []
        page = self.kit.notebook.entries((), PAGE) if patrol else ()
        while patrol and page:
            found += (entry for entry in page if entry.report.patrol == patrol.id)
            more = len(page) == PAGE and page[-1].report.seen_at >= patrol.started_at
            page = self.kit.notebook.entries((), PAGE, page[-1]) if more else ()
        return tuple(found)

    def _freight(self, coming: set[str]) -> PhotoTransfers:
        """The photos under way, and since when: remembered, for a restart is no new beginning."""
        notebook = self.kit.notebook
        began = notebook.remembered(QUEUE_BEGAN)
        since = datetime.fromisoformat(began) if began else None
        freight = PhotoTransfers.of(notebook.photos(), coming, since)
        if freight.since != since:
            now = freight.since
            notebook.remember(QUEUE_BEGAN, now.isoformat() if now else None)
        return freight

    def _unfinished(self, photos: set[str]) -> tuple[Entry, ...]:
        """Newest first: what waits, what was refused, and what lacks a photo at the bureau."""
        notebook = self.kit.notebook
        found = list(notebook.entries((Stage.SEALED, Stage.REFUSED), LISTED))
        lacking = photos - _shown(found)
        page, before = [*notebook.entries(WITH_PHOTOS, PAGE)], None
        while page and lacking and len(found) < LISTED:
            mine = [entry for entry in page if lacking & _shown([entry])]
            found += mine
            lacking -= _shown(mine)
            before = page[-1]
            page = [*notebook.entries(WITH_PHOTOS, PAGE, before)]
        found.sort(key=lambda entry: (entry.report.seen_at, entry.report.id), reverse=True)
        return tuple(found[:LISTED])


def _shown(entries: Sequence[Entry]) -> set[str]:
    return {photo.sha256 for entry in entries for photo in entry.report.photos}
