"""What the bureau has sent for reference: its places and code lists, its notices and tasks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta, timezone

from contract.codelists import CodeLists, built_in
from contract.reference import LeadCounts, Places, Reference
from contract.zone import ZONE
from fieldapp.memory.handled_tasks import HandledTasks
from fieldapp.memory.notices import Items, UnseenCounts, count_unseen
from fieldapp.state import paths
from fieldapp.state.lookup import notices_in_force
from fieldapp.state.shell import Show, StatePart


@dataclass(eq=False)
class BureauState(StatePart):
    lists: CodeLists = field(default_factory=built_in)
    places: Places = field(default_factory=lambda: Places(version=""))
    reference: Reference = field(default_factory=lambda: Reference(version=""))
    counts: LeadCounts = field(default_factory=LeadCounts)
    handled: HandledTasks = field(default_factory=HandledTasks)
    unseen: UnseenCounts = field(default_factory=UnseenCounts)  # notices and tasks

    def read_again(self) -> Show:
        """Runs in a thread."""
        places, reference = self._places_and_reference()
        lists, unseen = self.shell.kit.memory.lists(), self._count_unseen(reference)
        handled, counts = self.shell.kit.memory.handled_tasks(), self.shell.kit.memory.counts()

        def show() -> None:
            self.places, self.reference, self.lists, self.unseen = places, reference, lists, unseen
            self.handled, self.counts = handled, counts
            if (minutes := reference.utc_offset_min) is not None:
                ZONE.set_to(timezone(timedelta(minutes=minutes)))

        return show

    def known_names(self) -> Iterator[str]:
        """Names of places and shops: compounds, their other names, licensed institutions."""
        for compound in self.places.compounds:
            yield compound.name
            yield from compound.aliases
        yield from (one.name for one in self.reference.institutions or ())

    async def visit(self, path: str) -> None:
        """A screen of the duty card. The notices or tasks that stand on it are not new any more."""
        self.shell.go(path)
        notices, tasks = self.reference.notices or (), self.reference.tasks or ()
        shown: dict[str, Items] = {paths.NOTICES: notices, paths.TASKS: tasks}
        if path in shown:
            await self._mark_seen(shown[path], (*notices, *tasks))

    async def _mark_seen(self, shown: Items, held: Items) -> None:
        memory = self.shell.kit.memory
        await self.shell.keep(lambda: memory.keep_seen(memory.seen().with_seen(shown, held)))
        unseen = await self.shell.keep(lambda: self._count_unseen(self.reference))
        self.unseen = unseen or self.unseen

    def _count_unseen(self, held: Reference) -> UnseenCounts:
        notices = notices_in_force(held, self.shell.now().date())
        return count_unseen(self.shell.kit.memory.seen(), notices, held.tasks or ())

    def _places_and_reference(self) -> tuple[Places, Reference]:
        """Hundreds of compounds and institutions are read again only in another edition."""
        memory = self.shell.kit.memory
        if self.reference.version and memory.edition() == self.reference.version:
            return self.places, self.reference
        return memory.places(), memory.reference()
