"""投诉建议: a complaint or a suggestion, sent through the outbox like everything else."""

from dataclasses import dataclass

from contract.ids import uuid7
from contract.protocol import ArrivalKind
from contract.report import Suggestion
from contract.rules import Flaw, suggestion_flaws
from fieldapp.report.parcel import Parcel
from fieldapp.state import paths
from fieldapp.state.shell import Refresh, StatePart

KEPT = "jotted"  # under this name the notebook keeps an unsent suggestion


@dataclass(eq=False)
class SuggestionState(StatePart):
    refresh: Refresh
    text: str = ""  # that is being written
    flaws: tuple[Flaw, ...] = ()

    async def load(self) -> None:
        """What was being written when the app was closed."""
        kept = await self.shell.keep(lambda: self.shell.kit.notebook.remembered(KEPT))
        self.text = kept or ""

    async def type(self, text: str) -> None:
        """A keystroke: into the notebook; whoever leaves the screen finds the text again."""
        self.quietly(text=text, flaws=())
        await self.shell.keep(lambda: self.shell.kit.notebook.remember(KEPT, text or None))

    async def send(self) -> None:
        await self.post(self.text, paths.SETTINGS)
        if not self.flaws:
            await self.type("")

    async def post(self, text: str, path: str) -> None:
        """Sends any text as a suggestion and goes to `path`; or sets `flaws` and stays."""
        who, now = self.shell.identity, self.shell.now()
        if not who:
            return
        suggestion = Suggestion(
            id=uuid7(now, self.shell.kit.clock.entropy(10)),
            device=who.device,
            author=who.author,
            at=now,
            text=text,
        )
        self.flaws = suggestion_flaws(suggestion)
        if self.flaws:
            return
        parcel = Parcel.of(ArrivalKind.SUGGESTION, suggestion, suggestion.revision, now)
        await self.shell.keep(lambda: self.shell.kit.notebook.enqueue(parcel))
        self.shell.go(path)
        self.shell.notice = "suggest.sent"
        await self.refresh()
