"""The darkroom in a browser, by an OffscreenCanvas in a worker, which draws what it is told."""

from collections.abc import Sequence
from typing import Any

from contract.jpeg_scans import SCAN
from contract.visible_text import undirected
from fieldapp.adapters import mask_geometry as geometry
from fieldapp.adapters.page_scripts import PageScripts, ScriptFailure
from fieldapp.adapters.picture_limits import MAX_BYTES, MAX_PIXELS, MAX_SIDE, is_whole_picture
from fieldapp.ports import Frame, Mask, Refused

# Segments that hold no picture: profiles, Exif and comments. JFIF (0xE0) stays.
NOTES = frozenset({*range(0xE1, 0xF0), 0xFE})


class CanvasDarkroom:
    """Port Darkroom."""

    def __init__(self, scripts: PageScripts) -> None:
        self._scripts = scripts

    async def develop(self, raw: bytes) -> Frame:
        if len(raw) > MAX_BYTES or not is_whole_picture(raw):
            raise Refused("not_a_picture")
        return await self._frame("develop", raw, MAX_SIDE, MAX_PIXELS, geometry.FRAME_QUALITY)

    async def masked(self, frame: Frame, masks: Sequence[Mask], strip: str = "") -> Frame:
        size = (frame.width, frame.height)
        boxes = [geometry.box_of(mask, size) for mask in masks]
        blocks = [[*box, *found] for box in boxes if (found := geometry.blocks_of(box))]
        line = _strip(size, undirected(strip)) if strip else None
        limits = (geometry.MAX_BYTES, list(geometry.QUALITIES), geometry.SHRINK)
        try:
            return await self._frame("masked", frame.jpeg, blocks, line, *limits)
        except Refused as refused:
            raise Refused("no_strip" if strip else refused.code) from refused

    async def _frame(self, verb: str, *what: Any) -> Frame:
        try:
            jpeg, width, height = await self._scripts.look(verb, *what)
        except ScriptFailure as failure:
            raise Refused("not_a_picture") from failure
        return Frame(without_notes(bytes(jpeg)), int(width), int(height))


def without_notes(jpeg: bytes) -> bytes:
    """The JPEG of a canvas without what is not its picture (rule L6): Chromium writes the profile
    of a canvas, which is sRGB, into it."""
    kept, at = [jpeg[:2]], 2
    while jpeg[at + 1] != SCAN:
        stop = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4])
        if jpeg[at + 1] not in NOTES:
            kept.append(jpeg[at:stop])
        at = stop
    return b"".join(kept) + jpeg[at:]


def _strip(size: tuple[int, int], text: str) -> list[Any]:
    """Text, height of its letters, first row, left edge, and the most it may be wide; in px."""
    width, height = size
    letters = max(size) * geometry.STRIP_HEIGHT
    left, most = width * geometry.STRIP_LEFT, width * geometry.STRIP_WIDTH
    return [text, letters, geometry.strip_top(height, letters), left, most]
