"""One's own reports: paged through, filtered, searched without a network, and opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from contract.protocol import Answer
from fieldapp.report.entry import Entry
from fieldapp.state import paths
from fieldapp.state.bureau import BureauState
from fieldapp.state.search import (
    STAGES,
    ReportFilter,
    answer_matches,
    entry_matches,
    needs_worker,
    passes_filter,
)
from fieldapp.state.shell import Show, StatePart
from fieldapp.state.thumbnails import Thumbnails

CARDS = 20  # some four screens: what a tap on "more" brings, and what opening the list costs
ON_HOME = 4


@dataclass(eq=False)
class ReportsState(StatePart):
    bureau: BureauState
    thumbnails: Thumbnails
    recent: tuple[Entry, ...] = ()  # on home
    unread: frozenset[UUID] = frozenset()  # reports with answers that nobody has read
    asked: tuple[Entry, ...] = ()  # in which the bureau asks for something, the newest first
    listed: tuple[Entry, ...] = ()
    more: bool = False  # there may be a page after `listed`
    filter: ReportFilter = ReportFilter.ALL
    searched: str = ""  # pieces of words to find in a report
    opened: Entry | None = None
    unknown: tuple[Answer, ...] = ()  # answers about reports that this phone no longer holds
    _search: int = 0  # a newer one ends those before it

    def open_list(self) -> None:
        """To the list as it was left."""
        self.shell.go(paths.REPORTS)

    def leave(self) -> None:
        """From one report to where one came from."""
        here = next((one for one in self.shell.trail if one.startswith(f"{paths.REPORTS}/")), "")
        self.shell.leave(here or paths.report(""))

    def open_all(self) -> None:
        """All of them: home's way to the list forgets what was looked for last."""
        self._open_filtered(ReportFilter.ALL)

    def open_questions(self) -> None:
        """What the bureau asks for, from wherever one is."""
        self._open_filtered(ReportFilter.ASKED)

    def open_drafts(self) -> None:
        """What was begun and not sealed."""
        self._open_filtered(ReportFilter.DRAFTS)

    async def first_page(self) -> None:
        self.listed = ()
        await self.next_page()

    async def next_page(self) -> None:
        """The first one when none is shown."""
        await self._list(self.listed)

    async def filter_by(self, chosen: ReportFilter) -> None:
        self.filter, self.listed = chosen, ()
        await self.next_page()

    async def search(self, words: str) -> None:
        """Only those that say this; what was listed stays until the new list is there."""
        self.quietly(searched=words)
        await self._list(())

    async def open(self, entry: Entry) -> None:
        self.opened = entry
        self.thumbnails.clear()
        self.shell.go(paths.report(entry.report.id))
        await self.read(str(entry.report.id))

    def open_unknown(self, report: UUID) -> None:
        """The answers about a report that this phone no longer holds."""
        self.shell.go(paths.report(report))

    async def read(self, report: str) -> None:
        """Shows one report with its photos; what the bureau said of it counts as read."""
        name, notebook = UUID(report), self.shell.kit.notebook
        self.opened = await self.shell.keep(lambda: notebook.entry(name))
        answers = await self.shell.keep(notebook.answers) or ()
        self.unknown = tuple(answer for answer in answers if answer.report == name)
        if self.opened:
            await self.thumbnails.load(self.opened)
        if name in self.unread:
            await self.shell.keep(lambda: self._mark_read(name))
            self.unread -= {name}

    def read_again(self) -> Show:
        """Runs in a thread."""
        notebook, unread = self.shell.kit.notebook, self.shell.kit.memory.unread()
        recent = tuple(notebook.entries((), ON_HOME))
        opened = notebook.entry(self.opened.report.id) if self.opened else None
        named = (notebook.entry(report) for report in unread.asked)
        asked = tuple(entry for entry in named if entry and needs_worker(entry))[::-1]

        def show() -> None:
            self.recent, self.unread = recent, frozenset(unread.unread)
            self.asked = asked
            if self.opened and opened and self.opened.report.id == opened.report.id:
                self.opened = opened

        return show

    def _open_filtered(self, chosen: ReportFilter) -> None:
        self.filter, self.searched = chosen, ""
        self.shell.go(paths.REPORTS)

    def _mark_read(self, report: UUID) -> None:
        """In one transaction: the courier may file answers at this very moment."""
        memory = self.shell.kit.memory
        with self.shell.kit.notebook.atomic():
            memory.keep_unread(memory.unread().without(report))

    async def _list(self, listed: tuple[Entry, ...]) -> None:
        self._search += 1
        page = await self._find_page(self._search, listed[-1] if listed else None)
        if page is None:
            return
        self.listed, self.more = (*listed, *page), len(page) == CARDS
        self.unknown = tuple(await self.shell.keep(self._find_unknown) or ())

    async def _find_page(self, search: int, before: Entry | None) -> Sequence[Entry] | None:
        """A page of what is wanted; None when a newer search has begun. Page by page, for five
        thousand reports in one go would keep a tap waiting for the storage."""
        notebook, stages, found = self.shell.kit.notebook, STAGES[self.filter], list[Entry]()
        while len(found) < CARDS:
            page = await self.shell.keep(partial(notebook.entries, stages, CARDS, before)) or ()
            if search != self._search:
                return None
            found += filter(self._fits, page)
            if len(page) < CARDS:
                break
            before = page[-1]
        return found[:CARDS]

    def _fits(self, entry: Entry) -> bool:
        initials = {one.id: one.initials for one in self.bureau.places.compounds}
        return passes_filter(entry, self.filter, self.unread) and entry_matches(
            entry, self.searched, initials
        )

    def _find_unknown(self) -> list[Answer]:
        """The last answer about each report that another installation of this app had sent; below
        the end of the list, where answers belong."""
        if self.more or self.filter not in {ReportFilter.ALL, ReportFilter.UNREAD}:
            return []
        notebook, listed = self.shell.kit.notebook, {entry.report.id for entry in self.listed}
        last = {answer.report: answer for answer in notebook.answers()}
        return [
            answer
            for report, answer in last.items()
            if report not in listed
            and (self.filter is ReportFilter.ALL or report in self.unread)
            and answer_matches(answer, self.searched)
            and notebook.entry(report) is None
        ]
