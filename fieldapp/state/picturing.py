"""One photo: the card, the shutter, the masks, the preview that was looked at, the album."""

from dataclasses import replace

from contract.report import Photo
from contract.rules import MOST_PHOTOS
from fieldapp.ports import Frame, Refused
from fieldapp.report.entry import Entry
from fieldapp.state import paths
from fieldapp.state.face_search import FaceSearch
from fieldapp.state.masking import Masking


class Picturing(Masking):
    """Verbs of camera and mask. The raw frame is only ever in memory (rule L6)."""

    async def photograph(self) -> None:
        """To the camera. The first tap in a patrol is the worker's yes to the three lines (L5)."""
        if self.draft and len(self.draft.report.photos) >= MOST_PHOTOS:
            self.notice = "why.many_photos"
            return
        self._put_away()
        self.go(paths.CAMERA)
        if self.patrol and not self.card_confirmed:
            patrol, now = self.patrol, self.now()
            self.quietly(card_confirmed=True)  # the screen with the three lines has been left
            await self.keep(lambda: self.kit.memory.confirm_card(patrol.id, now))

    async def aim(self) -> None:
        self.aimed, self.torch, self.notice = False, False, ""
        try:
            await self.kit.camera.aim()
            self.aimed = True
        except Refused as refused:
            self.notice = f"why.{refused.code}"

    async def leave_camera(self) -> None:
        await self.kit.camera.rest()
        self.go(paths.SEEN)

    async def shine(self) -> None:
        """The light beside the lens: off until the worker wants it, for it shows who is there."""
        try:
            await self.kit.camera.shine(not self.torch)
            self.torch = not self.torch
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
            self._put_away()
            self.frame, self.shot_at, self.glance = frame, self.now(), FaceSearch.LOOKING
            self.go(paths.MASK)
            await self.print_picture()
            await self.look_for_faces()

    async def use(self) -> None:
        """Keeps exactly the picture that was on screen, every mask on it."""
        if self.glance is FaceSearch.LOOKING:
            return
        await self.print_picture()
        preview, draft = self.preview, self.draft
        if not preview or not draft or self.printed != self.masks:
            return
        sha256 = await self.keep(lambda: self.kit.album.keep(preview.jpeg))
        if sha256:
            await self.write(draft.with_photo(self._photo(sha256, preview)))
            self.thumbs = {**self.thumbs, sha256: preview.jpeg}
            self._put_away()
            self.go(paths.SEEN)

    async def remove(self, sha256: str) -> None:
        """Takes a picture out; one that has not left yet stays here from now on (rule L6)."""
        if self.draft:
            await self.write(self.draft.without_photo(sha256))
            await self.keep(lambda: self._hold_back(sha256))
            if not self._was_sealed(self.draft):
                await self.keep(lambda: self.kit.album.forget(sha256))

    def _hold_back(self, sha256: str) -> None:
        notebook = self.kit.notebook
        with notebook.atomic():
            for picture in notebook.photos(stored=False):
                if picture.sha256 == sha256 and picture.due:
                    notebook.save_photo(replace(picture, due=False))

    def _put_away(self) -> None:
        """Nothing of a picture stays for the next one."""
        self.frame, self.preview, self.shot_at = None, None, None
        self.masks, self.printed, self.chosen = (), (), 0
        self.glance, self.suggested = FaceSearch.OFF, 0

    def _photo(self, sha256: str, picture: Frame) -> Photo:
        return Photo(
            sha256=sha256,
            bytes=len(picture.jpeg),
            width=picture.width,
            height=picture.height,
            taken_at=self.shot_at or self.now(),
            redaction_reviewed=True,
        )

    @staticmethod
    def _was_sealed(entry: Entry) -> bool:
        return entry.report.revision > 0
