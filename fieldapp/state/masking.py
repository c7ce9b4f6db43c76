"""What hides people in a photo: faces that the phone finds, and masks that the worker sets."""

import asyncio
from collections.abc import Callable

from fieldapp.ports import Frame, Mask, Refused
from fieldapp.state import mask_shapes
from fieldapp.state.drafting import Drafting
from fieldapp.state.face_search import FaceSearch

PATIENCE_S = 8.0  # for so long a slow phone may look for faces before the worker need not wait
FREE = ((0.5, 0.5), (0.25, 0.5), (0.75, 0.5), (0.5, 0.25), (0.5, 0.75))  # for a new mask, in turn


class Masking(Drafting):
    """Verbs of the mask screen. A mask is there until the worker takes it away."""

    async def cover(self, x: float, y: float) -> None:
        """A tap on the picture, in fractions of it: on a mask it chooses that one, elsewhere it
        sets a new one."""
        held = mask_shapes.hit(self.masks, x, y)
        if held is not None:
            self.chosen = held
        elif self.frame:
            await self._keep_masks(
                (*self.masks, mask_shapes.around(x, y, self.frame)), len(self.masks)
            )

    async def add_mask(self) -> None:
        """A new mask where there is none yet: for a thumb that does not meet the picture."""
        free = [spot for spot in FREE if mask_shapes.hit(self.masks, *spot) is None]
        if self.frame:
            new = mask_shapes.around(*(free or FREE)[0], self.frame)
            await self._keep_masks((*self.masks, new), len(self.masks))

    def next_mask(self) -> None:
        self.chosen = (self.chosen + 1) % max(1, len(self.masks))

    async def move_mask(self, right: int, down: int) -> None:
        await self._change(lambda mask: mask_shapes.moved(mask, right, down))

    async def scale_mask(self, up: bool) -> None:
        await self._change(lambda mask: mask_shapes.scaled(mask, up))

    async def uncover(self) -> None:
        """Takes the chosen mask away."""
        left = tuple(mask for n, mask in enumerate(self.masks) if n != self.chosen)
        await self._keep_masks(left, max(0, min(self.chosen, len(left) - 1)))

    async def look_for_faces(self) -> None:
        """Covers every face that the phone finds. It may take its time: what comes after the
        worker has gone on to another picture is dropped."""
        frame = self.frame
        if not frame:
            return
        self.glance = FaceSearch.LOOKING
        looking = asyncio.create_task(asyncio.to_thread(self.kit.spotter.spot, frame))
        done, _ = await asyncio.wait({looking}, timeout=PATIENCE_S)
        if not done and self.frame is frame:
            self.glance = FaceSearch.SLOW
        try:
            found = tuple(await looking)
        except Refused:
            found = None
        if self.frame is frame:
            await self._cover_faces(found)

    async def print_picture(self) -> None:
        """The preview, with the masks as they are when its turn comes: of five quick presses two
        are printed."""
        frame = self.frame
        if not frame:
            return
        shown = await self.keep(lambda: self._printed(frame))
        if shown and self.frame is frame:
            self.preview, self.printed, flaw = shown
            self.notice = flaw or self.notice

    def _printed(self, frame: Frame) -> tuple[Frame, tuple[Mask, ...], str]:
        masks, room = self.masks, self.kit.darkroom
        if self.preview and self.printed == masks:
            return self.preview, masks, ""
        try:
            return room.masked(frame, masks, self._strip()), masks, ""
        except Refused as refused:  # a picture without its strip is better than none
            return room.masked(frame, masks), masks, f"why.{refused.code}"

    def _strip(self) -> str:
        """When and where, as far as it is known; never who (rule L1)."""
        if not self.settings.strip or not self.draft:
            return ""
        report = self.draft.report
        parts = [f"{self.shot_at or self.now():%Y-%m-%d %H:%M}", report.place.compound_name]
        if report.fix and report.fix.accuracy_m is not None:
            parts.append(f"±{round(report.fix.accuracy_m)} m")
        return "  ".join(part for part in parts if part)

    async def _cover_faces(self, faces: tuple[Mask, ...] | None) -> None:
        if faces is None:
            self.glance = FaceSearch.UNABLE
            return
        self.glance = FaceSearch.FOUND if faces else FaceSearch.NONE
        self.suggested = len(faces)
        await self._keep_masks((*self.masks, *faces), self.chosen)

    async def _change(self, change: Callable[[Mask], Mask]) -> None:
        if self.masks:
            masks = list(self.masks)
            masks[self.chosen] = change(masks[self.chosen])
            await self._keep_masks(tuple(masks), self.chosen)

    async def _keep_masks(self, masks: tuple[Mask, ...], chosen: int) -> None:
        self.masks, self.chosen = masks, chosen
        await self.print_picture()
