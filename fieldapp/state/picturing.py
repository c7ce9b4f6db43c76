"""One photo: the card, the shutter, the masks, the preview that was looked at, the album."""

from dataclasses import replace

from contract.report import Photo
from contract.rules import MOST_PHOTOS
from fieldapp.entry import Entry
from fieldapp.ports import Frame, Mask, Refused
from fieldapp.state import paths
from fieldapp.state.drafting import Drafting

SIZES = (0.08, 0.14, 0.24)  # of the picture's longer side


class Picturing(Drafting):
    """Verbs of camera and mask. The raw frame is only ever in memory (rule L6)."""

    async def photograph(self) -> None:
        """To the camera. The first tap in a patrol is the worker's yes to the three lines (L5)."""
        if self.draft and len(self.draft.report.photos) >= MOST_PHOTOS:
            self.notice = "why.many_photos"
            return
        if self.patrol and not self.card_confirmed:
            patrol, now = self.patrol, self.now()
            await self.keep(lambda: self.kit.memory.confirm_card(patrol.id, now))
            self.card_confirmed = True
        self.frame, self.preview, self.masks = None, None, ()
        self.go(paths.CAMERA)

    async def aim(self) -> None:
        self.aimed, self.notice = False, ""
        try:
            await self.kit.camera.aim()
            self.aimed = True
        except Refused as refused:
            self.notice = f"why.{refused.code}"

    async def shoot(self) -> None:
        try:
            raw = await self.kit.camera.shoot()
            frame = await self.keep(lambda: self.kit.darkroom.develop(raw))
        except Refused as refused:
            self.notice = f"why.{refused.code}"
            return
        if frame:
            self.frame, self.masks = frame, ()
            await self._print()
            self.go(paths.MASK)

    async def cover(self, x: float, y: float) -> None:
        """A mask around a point given in fractions of the picture."""
        if self.frame:
            w, h = self._mask_sides(self.frame)
            left, top = min(max(0.0, x - w / 2), 1 - w), min(max(0.0, y - h / 2), 1 - h)
            self.masks = (*self.masks, Mask(left, top, w, h))
            await self._print()

    async def uncover(self) -> None:
        self.masks = self.masks[:-1]
        await self._print()

    def resize(self) -> None:
        """Small, medium, large: for the next mask."""
        self.mask_size = (self.mask_size + 1) % len(SIZES)

    async def use(self) -> None:
        """Keeps exactly the picture that was on screen."""
        preview, draft = self.preview, self.draft
        if not preview or not draft:
            return
        sha256 = await self.keep(lambda: self.kit.album.keep(preview.jpeg))
        if sha256:
            await self.write(draft.pictured(self._photo(sha256, preview)))
            self.thumbs = {**self.thumbs, sha256: preview.jpeg}
            self.frame, self.preview, self.masks = None, None, ()
            self.go(paths.SEEN)

    async def remove(self, sha256: str) -> None:
        """Takes a picture out; one that has not left yet stays here from now on (rule L6)."""
        if self.draft:
            await self.write(self.draft.unpictured(sha256))
            await self.keep(lambda: self._hold_back(sha256))
            if not self._was_sealed(self.draft):
                await self.keep(lambda: self.kit.album.forget(sha256))

    def _hold_back(self, sha256: str) -> None:
        notebook = self.kit.notebook
        with notebook.atomic():
            for picture in notebook.pictures(stored=False):
                if picture.sha256 == sha256 and picture.due:
                    notebook.draw(replace(picture, due=False))

    async def _print(self) -> None:
        frame, masks = self.frame, self.masks
        if frame:
            self.preview = await self.keep(lambda: self.kit.darkroom.masked(frame, masks))

    def _photo(self, sha256: str, picture: Frame) -> Photo:
        return Photo(
            sha256=sha256,
            bytes=len(picture.jpeg),
            width=picture.width,
            height=picture.height,
            taken_at=self.now(),
            redaction_reviewed=True,
        )

    def _mask_sides(self, frame: Frame) -> tuple[float, float]:
        side = SIZES[self.mask_size] * max(frame.width, frame.height)
        return min(1.0, side / frame.width), min(1.0, side / frame.height)

    @staticmethod
    def _was_sealed(entry: Entry) -> bool:
        return entry.report.revision > 0
