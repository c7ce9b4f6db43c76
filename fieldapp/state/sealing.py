"""The seal: what is in the outbox will reach the bureau; for ten seconds it may be undone."""

import asyncio
from uuid import UUID

from contract.ids import uuid7
from contract.protocol import ArrivalKind
from contract.reference import Compound
from contract.report import Kind, Suggestion
from contract.rules import suggestion_flaws
from fieldapp.ports import PhotoUploadState
from fieldapp.report.entry import UNDO, Closed, Entry, UnfitReport
from fieldapp.report.parcel import Parcel
from fieldapp.state import paths
from fieldapp.state.drafting import Drafting
from fieldapp.state.patrol_route import spot
from fieldapp.state.sending import Sending


class Sealing(Drafting, Sending):
    """Verbs that put something into the outbox or take it back."""

    async def seal(self) -> None:
        """Seals the draft, or shows what is missing where it is missing."""
        draft = self.draft
        whole = await self.keep(lambda: self._as_known(draft)) if draft else None
        if not whole:
            return
        try:
            entry, parcel = whole.sealed(self.now(), self.lists)
        except UnfitReport as unfit:
            self.flaws = unfit.flaws
            self.go(paths.REVIEW)
            return
        except Closed:
            self.notice = "why.closed"
            return
        if await self.keep(lambda: self._post(entry, parcel)):
            # The screen that shows the draft goes: it need not be shown empty before.
            self.quietly(sealed=entry, parcel=parcel, draft=None, flaws=())
            self.go(paths.HOME)
            await self.tally()
            await self._grace(entry.report.id)

    async def clear(self, compound: Compound) -> None:
        """Nothing seen there, in one tap from the list; a draft that is under way stays one."""
        if not self.identity:
            return
        report = await self.blank(Kind.CLEAR, self.identity)
        entry, parcel = Entry(report=report.changed(place=spot(compound))).sealed(
            self.now(), self.lists
        )
        if await self.keep(lambda: self._post(entry, parcel)):
            self.sealed, self.parcel = entry, parcel
            await self.tally()
            await self._grace(report.id)

    async def undo(self) -> None:
        """Takes the last seal back, within ten seconds."""
        if not self.sealed or not self.parcel:
            return
        digest, sealed = self.parcel.digest, self.sealed
        self.sealed, self.parcel = None, None
        try:
            entry = sealed.undone(self.now())
        except Closed:
            return
        await self.keep(lambda: self._take_back(entry, digest))
        if sealed.report.kind is Kind.CLEAR:  # there is nothing in it to write on
            return await self.withdraw(entry)
        await self.tally()
        return await self.resume(entry)

    async def withdraw(self, entry: Entry) -> None:
        """Takes a report back; the bureau hears of it, nothing vanishes."""
        try:
            withdrawn, parcel = entry.withdrawn(self.now())
        except Closed:
            self.notice = "why.closed"
            return
        await self.keep(lambda: self._post(withdrawn, parcel))
        self.opened = withdrawn
        await self.tally()
        await self.sync()

    async def drop(self, entry: Entry) -> None:
        """Discards a draft that was never sealed; nobody but the worker does (rule L12)."""
        await self.keep(lambda: self._discard(entry))
        self.draft = None
        await self.refresh()

    async def suggest(self, text: str, then: str = paths.SETTINGS) -> None:
        """投诉建议, sent through the outbox like everything else."""
        if not self.identity:
            return
        now = self.now()
        suggestion = Suggestion(
            id=uuid7(now, self.kit.clock.entropy(10)),
            device=self.identity.device,
            author=self.identity.author,
            at=now,
            text=text,
        )
        self.flaws = suggestion_flaws(suggestion)
        if self.flaws:
            return
        parcel = Parcel.of(ArrivalKind.SUGGESTION, suggestion, suggestion.revision, now)
        await self.keep(lambda: self.kit.notebook.enqueue(parcel))
        self.go(then)
        self.notice = "suggest.sent"
        await self.refresh()

    def _post(self, entry: Entry, parcel: Parcel) -> bool:
        """One transaction: the entry, its parcel and its pictures stand together or not at all."""
        notebook = self.kit.notebook
        with notebook.atomic():
            notebook.write(entry)
            notebook.enqueue(parcel)
            known = {picture.sha256 for picture in notebook.photos()}
            for photo in entry.report.photos:
                if photo.sha256 not in known:
                    patrol = str(entry.report.patrol or "")
                    notebook.save_photo(PhotoUploadState(photo.sha256, photo.bytes, patrol=patrol))
        return True

    def _discard(self, entry: Entry) -> None:
        """The draft, and its pictures unless a sealed report shows the same."""
        notebook = self.kit.notebook
        notebook.discard(entry.report.id)
        if notebook.entry(entry.report.id) is None:
            sealed = {picture.sha256 for picture in notebook.photos()}
            for photo in entry.report.photos:
                if photo.sha256 not in sealed:
                    self.kit.album.forget(photo.sha256)

    def _as_known(self, draft: Entry) -> Entry | None:
        """The draft with what the courier brought home for it since the screen read it."""
        with self.kit.notebook.atomic():
            self.kit.notebook.write(draft)
            return self.kit.notebook.entry(draft.report.id)

    def _take_back(self, entry: Entry, digest: str) -> None:
        """One transaction: were the parcel gone and the entry still sealed, it would wait for
        ever."""
        with self.kit.notebook.atomic():
            self.kit.notebook.dequeue(digest)
            self.kit.notebook.write(entry)

    async def _grace(self, report: UUID) -> None:
        await asyncio.sleep(UNDO.total_seconds() + 1)
        if self.sealed and self.sealed.report.id == report:
            self.sealed, self.parcel = None, None
        await self.sync()
