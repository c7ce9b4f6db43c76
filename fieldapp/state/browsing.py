"""One's own reports: paged through, sorted, searched without a network, and opened."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from contract.protocol import Answer
from fieldapp.report.entry import Entry
from fieldapp.state import paths
from fieldapp.state.reading import Reading
from fieldapp.state.search import STAGES, ReportFilter, answer_matches, belongs, entry_matches

CARDS = 20  # some four screens: what a tap on "more" brings, and what opening the list costs


@dataclass(eq=False)
class Browsing(Reading):
    """Verbs that show reports."""

    _search: int = 0  # a newer one ends those before it

    async def turn(self) -> None:
        """The next page of one's reports; the first when none is open."""
        await self._list(self.listed)

    async def first_page(self) -> None:
        self.listed = ()
        await self.turn()

    async def sort(self, pile: ReportFilter) -> None:
        """Only the reports that stand so."""
        self.pile, self.listed = pile, ()
        await self.turn()

    async def search(self, wanted: str) -> None:
        """Only those that say this; what was listed stays until the new list is there."""
        self.quietly(wanted=wanted)
        await self._list(())

    def list_asked(self) -> None:
        """What the bureau asks for, from wherever one is."""
        self.pile, self.wanted = ReportFilter.ASKED, ""
        self.go(paths.REPORTS)

    def list_all(self) -> None:
        """All of them: home's way here, which forgets what was looked for last."""
        self.pile, self.wanted = ReportFilter.ALL, ""
        self.go(paths.REPORTS)

    def list_reports(self) -> None:
        """Back to the list as it was left."""
        self.go(paths.REPORTS)

    async def show(self, entry: Entry) -> None:
        self.opened, self.thumbs = entry, {}
        self.go(paths.report(entry.report.id))
        await self.read(str(entry.report.id))

    def show_stray(self, report: UUID) -> None:
        self.go(paths.report(report))

    async def read(self, report: str) -> None:
        """Opens one report with its pictures; what the bureau said of it counts as read."""
        name = UUID(report)
        self.opened = await self.keep(lambda: self.kit.notebook.entry(name))
        told = await self.keep(self.kit.notebook.answers) or ()
        self.strays = tuple(answer for answer in told if answer.report == name)
        if self.opened:
            await self.develop_thumbs(self.opened)
        if name in self.unread:
            await self.keep(lambda: self._tick_off(name))
            self.unread -= {name}

    def _tick_off(self, report: UUID) -> None:
        """In one transaction: the courier may file answers at this very moment."""
        memory = self.kit.memory
        with self.kit.notebook.atomic():
            memory.keep_unread(memory.unread().without(report))

    async def _list(self, listed: tuple[Entry, ...]) -> None:
        self._search += 1
        page = await self._found(self._search, listed[-1] if listed else None)
        if page is None:
            return
        self.listed, self.more = (*listed, *page), len(page) == CARDS
        self.strays = tuple(await self.keep(self._find_strays) or ())

    async def _found(self, search: int, before: Entry | None) -> tuple[Entry, ...] | None:
        """A page of what is wanted; None when a newer search has begun. Page by page, for five
        thousand reports in one go would keep a tap waiting for the pen."""
        notebook, stages, found = self.kit.notebook, STAGES[self.pile], list[Entry]()
        while len(found) < CARDS:
            page = await self.keep(partial(notebook.entries, stages, CARDS, before)) or ()
            if search != self._search:
                return None
            found += filter(self._fits, page)
            if len(page) < CARDS:
                break
            before = page[-1]
        return tuple(found[:CARDS])

    def _fits(self, entry: Entry) -> bool:
        initials = {one.id: one.initials for one in self.places.compounds}
        return belongs(entry, self.pile, self.unread) and entry_matches(
            entry, self.wanted, initials
        )

    def _find_strays(self) -> list[Answer]:
        """The last answers about reports that another installation of this app had sent; below
        the end of the list, where answers belong."""
        if self.more or self.pile not in {ReportFilter.ALL, ReportFilter.UNREAD}:
            return []
        notebook, here = self.kit.notebook, {entry.report.id for entry in self.listed}
        last = {answer.report: answer for answer in notebook.answers()}
        return [
            answer
            for report, answer in last.items()
            if report not in here
            and (self.pile is ReportFilter.ALL or report in self.unread)
            and answer_matches(answer, self.wanted)
            and notebook.entry(report) is None
        ]
