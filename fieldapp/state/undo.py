"""The report that was sealed last, for as long as the seal may be undone."""

from dataclasses import dataclass
from uuid import UUID

from fieldapp.report.entry import Entry
from fieldapp.report.parcel import Parcel
from fieldapp.state.shell import StatePart


@dataclass(eq=False)
class UndoState(StatePart):
    entry: Entry | None = None
    parcel: Parcel | None = None  # of the entry, in the outbox

    def end(self) -> None:
        self.entry, self.parcel = None, None

    def end_for(self, report: UUID) -> None:
        """Ends it if it is about this report."""
        if self.entry and self.entry.report.id == report:
            self.end()
