"""The seal: what is in the outbox will reach the bureau; for ten seconds it may be undone."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from contract.reference import Compound, Task
from contract.report import Kind
from fieldapp.memory import retired
from fieldapp.memory.notices import mark_of
from fieldapp.ports import PhotoUploadState
from fieldapp.report.entry import UNDO, Closed, Entry, Stage, UnfitReport
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
            if self.draft.form != paths.ANSWER:
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

    async def clear(self, compound: Compound, task: Task | None = None) -> None:
        """Nothing seen there, or at the building of a task, in one tap from the list; a draft that
        is under way stays one."""
        if not self.shell.identity:
            return
        report = await self.draft.blank(Kind.CLEAR, self.shell.identity)
        place = place_of(compound).changed(building=task.building if task else None)
        seen = report.changed(place=place, task=task.id if task else None)
        there = Entry(report=seen, task=mark_of(task) if task else "")
        entry, parcel = there.sealed(self.shell.now(), self.bureau.lists)
        if await self.shell.keep(lambda: self._enqueue(entry, parcel)):
            self.undoable.entry, self.undoable.parcel = entry, parcel
            if task:
                self.shell.go(paths.HOME)  # where it can be undone
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
        if not await self.shell.keep(lambda: self._enqueue(withdrawn, parcel)):
            return
        self.reports.opened = withdrawn
        await self.patrol.update_visits()
        await self.sync.run()

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
            retired.enqueue(notebook, parcel)
            self._mark_task(entry, done=entry.stage is Stage.SEALED)
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
            self._mark_task(entry, done=False)

    def _mark_task(self, entry: Entry, *, done: bool) -> None:
        """The task that it was begun from is done, or open again."""
        if entry.task:
            memory = self.shell.kit.memory
            memory.keep_handled_tasks(memory.handled_tasks().with_done(entry.task, done))
