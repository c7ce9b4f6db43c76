"""投诉建议: a complaint or a suggestion, sent through the outbox like everything else."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from contract.ids import uuid7
from contract.protocol import ArrivalKind
from contract.reference import Task
from contract.report import Suggestion
from contract.rules import Flaw, suggestion_flaws
from fieldapp.memory import retired
from fieldapp.report.parcel import Parcel
from fieldapp.state import paths
from fieldapp.state.shell import Refresh, StatePart

NOTHING: Mapping[str, str] = MappingProxyType({})
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

    async def hand_back(self, task: Task, reason: str, said: str) -> None:
        """A task that cannot be done here, with the code of a reason and what is said of it in
        words: as a suggestion, which is what a phone can say to the bureau without a report."""
        memory = self.shell.kit.memory

        def returned() -> None:
            memory.keep_handled_tasks(memory.handled_tasks().with_returned(task))

        about = {"task": task.id, "reason": reason}
        await self.post(f"{said}（{task.title} {task.id}）", paths.TASKS, about)
        if not self.flaws:
            await self.shell.keep(returned)
            await self.refresh()

    async def post(self, text: str, path: str, about: Mapping[str, str] = NOTHING) -> None:
        """Sends any text as a suggestion and goes to `path`; or sets `flaws` and stays. `about`:
        the task that is handed back with it, and the code of the reason."""
        who, now = self.shell.identity, self.shell.now()
        if not who:
            return
        suggestion = Suggestion(
            id=uuid7(now, self.shell.kit.clock.entropy(10)),
            device=who.device,
            author=who.author,
            at=now,
            text=text,
            task=about.get("task"),
            reason=about.get("reason"),
        )
        self.flaws = suggestion_flaws(suggestion)
        if self.flaws:
            return
        parcel = Parcel.of(ArrivalKind.SUGGESTION, suggestion, suggestion.revision, now)
        if not await self.shell.keep(lambda: retired.enqueue(self.shell.kit.notebook, parcel)):
            return
        self.shell.go(path)
        self.shell.notice = "suggest.sent"
        await self.refresh()
