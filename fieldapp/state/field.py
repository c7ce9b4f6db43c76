"""FieldState: all verbs in one value."""

from functools import partial
from typing import Any

from contract.rules import MOST_SUGGESTION
from fieldapp.device.diagnosis import diagnosis_text
from fieldapp.memory.notices import Items
from fieldapp.ports import Refused
from fieldapp.state import paths
from fieldapp.state.alarming import Alarming
from fieldapp.state.browsing import Browsing
from fieldapp.state.inviting import Inviting
from fieldapp.state.picturing import Picturing
from fieldapp.state.sealing import Sealing
from fieldapp.state.sending import JOTTED


class FieldState(Sealing, Picturing, Alarming, Inviting, Browsing):
    """What screens see and may do."""

    async def set(self, **changes: Any) -> None:
        """Changes settings by name."""
        settings = self.settings.changed(**changes)
        self.settings = settings
        self.kit.light(settings.theme)
        await self.keep(lambda: self.kit.memory.keep_settings(settings))

    async def offered(self, path: str) -> None:
        """The PIN was offered, and taken or not: it is not offered again."""
        await self.set(lock_offered=True)
        if path:
            self.go(path)

    def resized(self, width: float, height: float) -> None:
        self.room = self.room.resized(width, height)

    def lettered(self, letters: float) -> None:
        self.room = self.room.lettered(letters)

    async def look_after(self) -> None:
        """The settings screen, with what the album weighs."""
        self.go(paths.SETTINGS)
        self.used = await self.keep(self.kit.album.used_bytes) or 0

    async def visit(self, path: str) -> None:
        """One of the ways of the duty card."""
        if path == paths.SETTINGS:
            return await self.look_after()
        self.go(path)
        notices, tasks = self.reference.notices or (), self.reference.tasks or ()
        letters: dict[str, Items] = {paths.NOTICES: notices, paths.TASKS: tasks}
        if path in letters:
            await self._see(letters[path], (*notices, *tasks))
        return None

    async def _see(self, letters: Items, held: Items) -> None:
        """What stands on the screen is no news any more."""
        memory = self.kit.memory
        await self.keep(lambda: memory.keep_seen(memory.seen().with_seen(letters, held)))
        self.news = await self.keep(lambda: self._news(self.reference)) or self.news

    async def jot(self, text: str) -> None:
        """A suggestion that is being written; whoever leaves it finds it again."""
        others = tuple(flaw for flaw in self.flaws if flaw.field != "text")
        self.quietly(jotted=text, flaws=others)
        await self.keep(lambda: self.kit.notebook.remember(JOTTED, text or None))

    async def send_jotted(self) -> None:
        await self.suggest(self.jotted)
        if not self.flaws:
            await self.jot("")

    async def diagnose(self) -> None:
        """What support will ask for, without anything that was reported."""
        kit = self.kit
        text = partial(diagnosis_text, kit.notebook, kit.album, kit.memory, self.now())
        self.diagnosis = await self.keep(text) or ""

    async def copy_diagnosis(self) -> None:
        try:
            await self.kit.copy(self.diagnosis)
        except Refused as refused:
            self.notice = f"why.{refused.code}"
        else:
            self.notice = "diagnosis.copied"

    async def send_diagnosis(self) -> None:
        """By the road of the suggestions, as far as one of them goes."""
        await self.suggest(self.diagnosis[:MOST_SUGGESTION].rpartition("\n")[0], paths.DUTY)
