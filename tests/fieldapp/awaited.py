"""Calls the asynchronous verbs of a port from a test without an event loop of its own."""

import asyncio
from collections.abc import Sequence

from fieldapp.ports import Darkroom, Frame, Mask, Scanner, Spotter


class AwaitedDarkroom:
    def __init__(self, room: Darkroom) -> None:
        self._room = room

    def develop(self, raw: bytes) -> Frame:
        return asyncio.run(self._room.develop(raw))

    def masked(self, frame: Frame, masks: Sequence[Mask], strip: str = "") -> Frame:
        return asyncio.run(self._room.masked(frame, masks, strip))


class AwaitedSpotter:
    def __init__(self, spotter: Spotter) -> None:
        self._spotter = spotter

    def spot(self, frame: Frame) -> Sequence[Mask]:
        return asyncio.run(self._spotter.spot(frame))


class AwaitedScanner:
    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner

    def scan(self, jpeg: bytes) -> str | None:
        return asyncio.run(self._scanner.scan(jpeg))
