"""One photo: the shutter, then the masks and the preview that was looked at, then the album."""

from dataclasses import dataclass, replace

from contract.report import Photo
from contract.rules import MOST_PHOTOS
from fieldapp.ports import Frame, Refused
from fieldapp.state import paths
from fieldapp.state.draft import DraftState
from fieldapp.state.face_search import FaceSearch
from fieldapp.state.masking import MaskingState
from fieldapp.state.patrol import PatrolState
from fieldapp.state.shell import StatePart
from fieldapp.state.thumbnails import Thumbnails


@dataclass(eq=False)
class PhotoState(StatePart):
    """The photos of the draft."""

    patrol: PatrolState
    draft: DraftState
    masking: MaskingState
    thumbnails: Thumbnails

    async def begin(self) -> None:
        """To the camera. The first tap in a patrol is the worker's yes to the three lines (L5)."""
        if self.draft.entry and len(self.draft.entry.report.photos) >= MOST_PHOTOS:
            self.shell.notice = "why.many_photos"
            return
        self.masking.clear()
        self.shell.go(paths.CAMERA)
        await self.patrol.confirm_card()

    async def leave_camera(self) -> None:
        await self.shell.kit.camera.rest()
        self.shell.go(self.draft.form)

    async def shoot(self) -> None:
        kit = self.shell.kit
        try:
            raw = await kit.camera.shoot()
            frame = await kit.darkroom.develop(raw)
        except Refused as refused:
            self.shell.notice = f"why.{refused.code}"
            return
        self.masking.begin(frame)
        self.shell.go(paths.MASK)
        await self.masking.update_preview()
        await self.masking.look_for_faces()

    async def use(self) -> None:
        """Keeps exactly the photo that was on screen, every mask on it."""
        if self.masking.face_search is FaceSearch.LOOKING:
            return
        await self.masking.update_preview()
        preview, entry = self.masking.preview, self.draft.entry
        if not preview or not entry or self.masking.previewed != self.masking.masks:
            return
        sha256 = await self.shell.keep(lambda: self.shell.kit.album.keep(preview.jpeg))
        if sha256:
            await self.draft.write(entry.with_photo(self._photo(sha256, preview)))
            self.thumbnails.add(sha256, preview.jpeg)
            self.masking.clear()
            self.shell.go(self.draft.form)

    async def remove(self, sha256: str) -> None:
        """Takes a photo out; one that has not left yet stays here from now on (rule L6)."""
        if entry := self.draft.entry:
            await self.draft.write(entry.without_photo(sha256))
            await self.shell.keep(lambda: self._hold_back(sha256))
            if not entry.report.revision:  # a sealed report may show it
                await self.shell.keep(lambda: self.shell.kit.album.forget(sha256))

    def _hold_back(self, sha256: str) -> None:
        notebook = self.shell.kit.notebook
        with notebook.atomic():
            for upload in notebook.photos(stored=False):
                if upload.sha256 == sha256 and upload.due:
                    notebook.save_photo(replace(upload, due=False))

    def _photo(self, sha256: str, frame: Frame) -> Photo:
        return Photo(
            sha256=sha256,
            bytes=len(frame.jpeg),
            width=frame.width,
            height=frame.height,
            taken_at=self.masking.taken_at or self.shell.now(),
            redaction_reviewed=True,
        )
