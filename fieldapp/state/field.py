"""FieldState: all verbs in one value."""

from typing import Any

from fieldapp.state import paths
from fieldapp.state.browsing import Browsing
from fieldapp.state.picturing import Picturing
from fieldapp.state.sealing import Sealing


class FieldState(Sealing, Picturing, Browsing):
    """What screens see and may do."""

    async def set(self, **changes: Any) -> None:
        """Changes settings by name."""
        settings = self.settings.changed(**changes)
        self.settings = settings
        self.kit.light(settings.theme)
        await self.keep(lambda: self.kit.memory.keep_settings(settings))

    def resized(self, width: float) -> None:
        self.width = width

    async def look_after(self) -> None:
        """The settings screen, with what the album weighs."""
        self.go(paths.SETTINGS)
        self.used = await self.keep(self.kit.album.used) or 0
