"""What hides people in a photo: faces that the phone finds, and masks that the worker sets."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from fieldapp.ports import Frame, Mask, Refused
from fieldapp.state import mask_shapes
from fieldapp.state.draft import DraftState
from fieldapp.state.face_search import FaceSearch
from fieldapp.state.settings import SettingsState
from fieldapp.state.shell import StatePart

PATIENCE_S = 8.0  # for so long a slow phone may look for faces before the worker need not wait
FREE = ((0.5, 0.5), (0.25, 0.5), (0.75, 0.5), (0.5, 0.25), (0.5, 0.75))  # for a new mask, in turn


@dataclass(eq=False)
class MaskingState(StatePart):
    """The photo that was just taken, with its masks; it is only ever in memory (rule L6). A mask is
    there until the worker takes it away."""

    settings: SettingsState
    draft: DraftState
    frame: Frame | None = None  # without masks
    taken_at: datetime | None = None
    masks: tuple[Mask, ...] = ()
    chosen: int = 0  # of the masks: the one that the buttons move
    preview: Frame | None = None
    previewed: tuple[Mask, ...] = ()  # the masks that the preview shows
    face_search: FaceSearch = FaceSearch.OFF
    faces: int = 0  # how many masks the phone set itself
    _drawing: asyncio.Lock = field(default_factory=asyncio.Lock)  # one preview at a time

    def begin(self, frame: Frame) -> None:
        self.clear()
        self.frame, self.taken_at = frame, self.shell.now()
        self.face_search = FaceSearch.LOOKING

    def clear(self) -> None:
        """Nothing of a photo stays for the next one."""
        self.frame, self.preview, self.taken_at = None, None, None
        self.masks, self.previewed, self.chosen = (), (), 0
        self.face_search, self.faces = FaceSearch.OFF, 0

    async def tap(self, x: float, y: float) -> None:
        """A tap on the photo, in fractions of it: on a mask it chooses that one, elsewhere it sets
        a new one."""
        held = mask_shapes.mask_at(self.masks, x, y)
        if held is not None:
            self.chosen = held
        elif self.frame:
            new = mask_shapes.around(x, y, self.frame)
            await self._set_masks((*self.masks, new), len(self.masks))

    async def add(self) -> None:
        """A new mask where there is none yet: for a thumb that does not meet the photo."""
        free = [spot for spot in FREE if mask_shapes.mask_at(self.masks, *spot) is None]
        if self.frame:
            new = mask_shapes.around(*(free or FREE)[0], self.frame)
            await self._set_masks((*self.masks, new), len(self.masks))

    def choose_next(self) -> None:
        self.chosen = (self.chosen + 1) % max(1, len(self.masks))

    async def move(self, right: int, down: int) -> None:
        await self._change(lambda mask: mask_shapes.moved(mask, right, down))

    async def scale(self, up: bool) -> None:
        await self._change(lambda mask: mask_shapes.scaled(mask, up))

    async def remove(self) -> None:
        """Takes the chosen mask away."""
        left = tuple(mask for n, mask in enumerate(self.masks) if n != self.chosen)
        await self._set_masks(left, max(0, min(self.chosen, len(left) - 1)))

    async def look_for_faces(self) -> None:
        """Covers every face that the phone finds. It may take its time: what comes after the
        worker has gone on to another photo is dropped."""
        frame = self.frame
        if not frame:
            return
        self.face_search = FaceSearch.LOOKING
        looking = asyncio.ensure_future(self.shell.kit.spotter.spot(frame))
        done, _ = await asyncio.wait({looking}, timeout=PATIENCE_S)
        if not done and self.frame is frame:
            self.face_search = FaceSearch.SLOW
        try:
            faces = tuple(await looking)
        except Refused:
            faces = None
        if self.frame is frame:
            await self._cover(faces)

    async def update_preview(self) -> None:
        """The preview, with the masks as they are when its turn comes: of five quick presses two
        are drawn."""
        frame = self.frame
        if not frame:
            return
        async with self._drawing:
            shown = await self._drawn(frame)
        if self.frame is frame:
            self.preview, self.previewed, notice = shown
            self.shell.notice = notice or self.shell.notice

    async def _drawn(self, frame: Frame) -> tuple[Frame, tuple[Mask, ...], str]:
        masks, darkroom = self.masks, self.shell.kit.darkroom
        if self.preview and self.previewed == masks:
            return self.preview, masks, ""
        try:
            return await darkroom.masked(frame, masks, self._strip()), masks, ""
        except Refused as refused:  # a photo without its strip is better than none
            return await darkroom.masked(frame, masks), masks, f"why.{refused.code}"

    def _strip(self) -> str:
        """When and where, as far as it is known; never who (rule L1). "" where the worker wants no
        strip on photos."""
        if not self.settings.chosen.strip or not self.draft.entry:
            return ""
        report = self.draft.entry.report
        taken_at = self.taken_at or self.shell.now()
        parts = [f"{taken_at:%Y-%m-%d %H:%M}", report.place.compound_name]
        if report.fix and report.fix.radius_m is not None:
            parts.append(f"±{round(report.fix.radius_m)} m")
        return "  ".join(part for part in parts if part)

    async def _cover(self, faces: tuple[Mask, ...] | None) -> None:
        """`faces` is None where this phone cannot look for them."""
        if faces is None:
            self.face_search = FaceSearch.UNABLE
            return
        self.face_search = FaceSearch.FOUND if faces else FaceSearch.NONE
        self.faces = len(faces)
        await self._set_masks((*self.masks, *faces), self.chosen)

    async def _change(self, change: Callable[[Mask], Mask]) -> None:
        if self.masks:
            masks = list(self.masks)
            masks[self.chosen] = change(masks[self.chosen])
            await self._set_masks(tuple(masks), self.chosen)

    async def _set_masks(self, masks: tuple[Mask, ...], chosen: int) -> None:
        self.masks, self.chosen = masks, chosen
        await self.update_preview()
