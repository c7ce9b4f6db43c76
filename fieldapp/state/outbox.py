"""The seal: what is in the outbox will reach the bureau; for ten seconds it may be undone."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from contract.reference import Compound
from contract.report import Kind
from fieldapp.ports import PhotoUploadState
from fieldapp.report.entry import UNDO, Closed, Entry, UnfitReport
from fieldapp.report.parcel import Parcel
from fieldapp.state import paths
from fieldapp.state.bureau import BureauState
from fieldapp.state.draft import DraftState
from fieldapp.state.patrol import PatrolState
from fieldapp.state.patrol_route import place_of
from fieldapp.state.reports import ReportsState
from fieldapp.state.shell import StatePart
from fieldapp.state.sync import SyncState
from fieldapp.state.undo import UndoState


@dataclass(eq=False)
class OutboxState(StatePart):
    """Puts reports into the outbox and takes them back."""

    bureau: BureauState
    reports: ReportsState
    sync: SyncState
    patrol: PatrolState
    draft: DraftState
    undoable: UndoState

    async def seal(self) -> None:
        """Seals the draft, or shows what is missing where it is missing."""
        draft = self.draft.entry
        known = await self.shell.keep(lambda: self._as_known(draft)) if draft else None
        if not known:
            return
        try:
            entry, parcel = known.sealed(self.shell.now(), self.bureau.lists)
        except UnfitReport as unfit:
            self.draft.flaws = unfit.flaws
            self.shell.go(paths.REVIEW)
            return
        except Closed:
            self.shell.notice = "why.closed"
            return
        if await self.shell.keep(lambda: self._enqueue(entry, parcel)):
            # The screen that shows the draft goes: it need not be shown empty before.
            self.undoable.quietly(entry=entry, parcel=parcel)
            self.draft.quietly(entry=None, flaws=())
            self.shell.go(paths.HOME)
            await self.patrol.update_visits()
            await self._send_after_undo(entry.report.id)

    async def clear(self, compound: Compound) -> None:
        """Nothing seen there, in one tap from the list; a draft that is under way stays one."""
        if not self.shell.identity:
            return
        report = await self.draft.blank(Kind.CLEAR, self.shell.identity)
        there = Entry(report=report.changed(place=place_of(compound)))
        entry, parcel = there.sealed(self.shell.now(), self.bureau.lists)
        if await self.shell.keep(lambda: self._enqueue(entry, parcel)):
            self.undoable.entry, self.undoable.parcel = entry, parcel
            await self.patrol.update_visits()
            await self._send_after_undo(report.id)

    async def undo(self) -> None:
        """Takes the last seal back, within ten seconds."""
        sealed, parcel = self.undoable.entry, self.undoable.parcel
        if not sealed or not parcel:
            return
        self.undoable.end()
        try:
            entry = sealed.undone(self.shell.now())
        except Closed:
            return
        await self.shell.keep(lambda: self._dequeue(entry, parcel.digest))
        if sealed.report.kind is Kind.CLEAR:  # there is nothing in it to write on
            return await self.withdraw(entry)
        await self.patrol.update_visits()
        return await self.draft.resume(entry)

    async def withdraw(self, entry: Entry) -> None:
        """Takes a report back; the bureau hears of it, nothing vanishes."""
        try:
            withdrawn, parcel = entry.withdrawn(self.shell.now())
        except Closed:
            self.shell.notice = "why.closed"
            return
        await self.shell.keep(lambda: self._enqueue(withdrawn, parcel))
        self.reports.opened = withdrawn
        await self.patrol.update_visits()
        await self.sync.run()

    async def discard(self, entry: Entry) -> None:
        """Discards a draft that was never sealed; nobody but the worker does (rule L12)."""
        await self.shell.keep(lambda: self._discard(entry))
        self.draft.entry = None
        await self.patrol.update_visits()

    async def _send_after_undo(self, report: UUID) -> None:
        await asyncio.sleep(UNDO.total_seconds() + 1)
        self.undoable.end_for(report)
        await self.sync.run()

    def _as_known(self, draft: Entry) -> Entry | None:
        """The draft with what the courier brought for it since the screen read it."""
        notebook = self.shell.kit.notebook
        with notebook.atomic():
            notebook.write(draft)
            return notebook.entry(draft.report.id)

    def _enqueue(self, entry: Entry, parcel: Parcel) -> bool:
        """One transaction: the entry, its parcel and its photos stand together or not at all."""
        notebook = self.shell.kit.notebook
        with notebook.atomic():
            notebook.write(entry)
            notebook.enqueue(parcel)
            known = {upload.sha256 for upload in notebook.photos()}
            for photo in entry.report.photos:
                if photo.sha256 not in known:
                    patrol = str(entry.report.patrol or "")
                    notebook.save_photo(PhotoUploadState(photo.sha256, photo.bytes, patrol=patrol))
        return True

    def _dequeue(self, entry: Entry, digest: str) -> None:
        """One transaction: were the parcel gone and the entry still sealed, it would wait for
        ever."""
        notebook = self.shell.kit.notebook
        with notebook.atomic():
            notebook.dequeue(digest)
            notebook.write(entry)

    def _discard(self, entry: Entry) -> None:
        """The draft, and its photos unless a sealed report shows the same."""
        notebook = self.shell.kit.notebook
        notebook.discard(entry.report.id)
        if notebook.entry(entry.report.id) is None:
            sealed = {upload.sha256 for upload in notebook.photos()}
            for photo in entry.report.photos:
                if photo.sha256 not in sealed:
                    self.shell.kit.album.forget(photo.sha256)
