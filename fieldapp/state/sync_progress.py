"""Upload progress. It is apart from the rest of the state: at each change of that a whole screen is
rendered, and the progress of one photo is reported hundreds of times."""

import asyncio
from dataclasses import dataclass, field

import flet as ft

from fieldapp.state.photo_transfers import PhotoTransfers

PAUSE_S = 0.25  # between two changes that are rendered


@dataclass(eq=False)
class SyncProgress(ft.Observable):
    """The photos as badges and bars show them."""

    photos: PhotoTransfers = field(default_factory=PhotoTransfers)
    _news: tuple[str, int] = ("", 0)
    _next: asyncio.TimerHandle | None = None
    _shown: float = 0.0

    def hear(self, sha256: str, reached: int) -> None:
        """`reached` bytes of a photo are at the bureau: shown now, or when the pause is over."""
        self._news = (sha256, reached)
        if self._next is None:
            loop = asyncio.get_running_loop()
            wait = max(0.0, self._shown + PAUSE_S - loop.time())
            self._next = loop.call_later(wait, self._show)

    def settle(self, photos: PhotoTransfers) -> None:
        """The notebook was read again; the photo being uploaded stays as far as it has come."""
        self.photos = photos.moved(*self._news) if self._news[0] else photos

    def rest(self) -> None:
        """Nothing is being uploaded any more; the notebook knows the last byte."""
        if self._next:
            self._next.cancel()
        self._next, self._news = None, ("", 0)

    def _show(self) -> None:
        self._next, self._shown = None, asyncio.get_running_loop().time()
        self.photos = self.photos.moved(*self._news)
