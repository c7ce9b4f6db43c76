"""What moves while a screen stands still: apart from the rest of the state, for at each change of
it a whole screen is rendered, and a photo on the road tells of itself hundreds of times."""

import asyncio
from dataclasses import dataclass, field

import flet as ft

from fieldapp.state.photo_transfers import PhotoTransfers

PAUSE_S = 0.25  # between two changes that a screen hears of


@dataclass(eq=False)
class SyncProgress(ft.Observable):
    """The freight as badges and bars show it."""

    freight: PhotoTransfers = field(default_factory=PhotoTransfers)
    _news: tuple[str, int] = ("", 0)
    _next: asyncio.TimerHandle | None = None
    _shown: float = 0.0

    def hear(self, sha256: str, reached: int) -> None:
        """Keeps the last of what was said and shows it when its time has come."""
        self._news = (sha256, reached)
        if self._next is None:
            loop = asyncio.get_running_loop()
            wait = max(0.0, self._shown + PAUSE_S - loop.time())
            self._next = loop.call_later(wait, self._show)

    def settle(self, freight: PhotoTransfers) -> None:
        """The notebook was read again; what is on the road stays as far as it has come."""
        self.freight = freight.moved(*self._news) if self._news[0] else freight

    def rest(self) -> None:
        """Nothing is on the road any more; the notebook knows the last byte."""
        if self._next:
            self._next.cancel()
        self._next, self._news = None, ("", 0)

    def _show(self) -> None:
        self._next, self._shown = None, asyncio.get_running_loop().time()
        self.freight = self.freight.moved(*self._news)
