"""对结果有疑问: the worker doubts what came of a report, once, and says why."""

from dataclasses import dataclass

from contract.rules import Flaw
from fieldapp.memory import retired
from fieldapp.report.entry import Closed, Entry, UnfitReport
from fieldapp.state import paths
from fieldapp.state.reports import ReportsState
from fieldapp.state.shell import StatePart
from fieldapp.state.sync import SyncState

KEPT = "doubted"  # under this name the notebook keeps the report and the words that are not sent


@dataclass(eq=False)
class ObjectionState(StatePart):
    """What is being written about the report that is open."""

    reports: ReportsState
    sync: SyncState
    text: str = ""
    flaws: tuple[Flaw, ...] = ()

    async def begin(self, entry: Entry) -> None:
        """Opens the screen, with what was written about this report before."""
        kept = await self.shell.keep(lambda: self.shell.kit.notebook.remembered(KEPT)) or ""
        report, _, text = kept.partition("\n")
        mine = text if report == str(entry.report.id) else ""
        self.reports.quietly(opened=entry)
        self.quietly(text=mine, flaws=())
        self.shell.go(paths.OBJECT)

    async def type(self, text: str) -> None:
        """A keystroke: into the notebook."""
        self.quietly(text=text, flaws=())
        entry = self.reports.opened
        kept = f"{entry.report.id}\n{text}" if entry and text else None
        await self.shell.keep(lambda: self.shell.kit.notebook.remember(KEPT, kept))

    async def send(self) -> None:
        """Seals it and goes back to the report; or sets `flaws` and stays."""
        entry = self.reports.opened
        if not entry:
            return
        try:
            entry.objected(self.text, self.shell.now())
        except UnfitReport as unfit:
            self.flaws = unfit.flaws
            return
        except Closed:
            self.shell.notice = "why.objection_late"
            return
        objected = await self.shell.keep(lambda: self._enqueue(entry, self.text))
        if objected:
            self.reports.opened = objected
            self.quietly(text="", flaws=())
            self.shell.leave(paths.OBJECT)
            await self.sync.run()

    def _enqueue(self, shown: Entry, text: str) -> Entry:
        """One transaction, upon what the courier has brought meanwhile."""
        notebook = self.shell.kit.notebook
        with notebook.atomic():
            entry = notebook.entry(shown.report.id) or shown
            objected, parcel = entry.objected(text, self.shell.now())
            notebook.write(objected)
            retired.enqueue(notebook, parcel)
            notebook.remember(KEPT, None)
        return objected
