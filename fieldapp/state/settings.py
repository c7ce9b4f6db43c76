"""What the worker has set, and the screen where it is set."""

from dataclasses import dataclass, field
from typing import Any

from fieldapp.memory.memory import WorkerSettings
from fieldapp.state import paths
from fieldapp.state.shell import StatePart


@dataclass(eq=False)
class SettingsState(StatePart):
    chosen: WorkerSettings = field(default_factory=WorkerSettings)
    album_bytes: int = 0  # as the settings screen was opened

    async def load(self) -> None:
        """As they were when the app was closed."""
        self.chosen = await self.shell.keep(self.shell.kit.memory.settings) or self.chosen
        self.shell.kit.set_theme(self.chosen.theme)

    async def change(self, **changes: Any) -> None:
        """Changes settings by name."""
        settings = self.chosen.changed(**changes)
        self.chosen = settings
        self.shell.kit.set_theme(settings.theme)
        await self.shell.keep(lambda: self.shell.kit.memory.keep_settings(settings))

    async def answer_pin_offer(self, path: str) -> None:
        """The PIN was offered, and taken (`path` leads to where it is set) or not (""): it is not
        offered again."""
        await self.change(lock_offered=True)
        if path:
            self.shell.go(path)

    async def open(self) -> None:
        """The settings screen, with the size of the album."""
        self.shell.go(paths.SETTINGS)
        self.album_bytes = await self.shell.keep(self.shell.kit.album.used_bytes) or 0
