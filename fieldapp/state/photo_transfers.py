"""How far the uploads of the photos are, in bytes: as the notebook knows, and as reported since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from fieldapp.ports import PhotoUploadState

EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TransferAmount:
    """`sent` of `total` bytes are at the bureau; `left` of `photos` photos are incomplete there."""

    sent: int = 0
    total: int = 0
    left: int = 0
    photos: int = 0

    @property
    def per_cent(self) -> int:
        """Rounded down: 100 only with the last byte."""
        return 100 * self.sent // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class PhotoTransfers:
    """The photos (by digest) that are or were uploaded since the last time that none was left.
    `since` is the bureau's time of the last photo before them: a bar that began anew at each
    restart or broken round would tell a worker nothing. `moving` is being uploaded, and `reached`
    bytes of it are at the bureau."""

    photos: Mapping[str, PhotoUploadState] = field(default_factory=dict)
    since: datetime | None = None
    moving: str = ""
    reached: int = 0

    @classmethod
    def of(
        cls, photos: Iterable[PhotoUploadState], sealed: set[str], since: datetime | None
    ) -> "PhotoTransfers":
        """Of all that the notebook has; those of sealed reports will be due with their receipt."""
        going = {
            photo.sha256: replace(photo, due=True) if photo.sha256 in sealed else photo
            for photo in photos
        }
        if not any(photo.due and not photo.stored for photo in going.values()):
            return cls(going)
        last = max((p.stored_at for p in going.values() if p.stored_at), default=EVER)
        return cls(going, since or last)

    def moved(self, sha256: str, reached: int) -> "PhotoTransfers":
        """`reached` bytes of a photo are at the bureau; the one before stays where it was."""
        before = self.photos.get(self.moving)
        if before is None or sha256 == self.moving:
            return replace(self, moving=sha256, reached=reached)
        photos = {**self.photos, self.moving: replace(before, sent=self.reached)}
        return replace(self, photos=photos, moving=sha256, reached=reached)

    def load(self) -> TransferAmount:
        """Of all of them."""
        return self._sum(p for p in self.photos.values() if p.due and self._belongs(p))

    def load_of(self, photos: Iterable[str]) -> TransferAmount:
        """Of one report's photos, also those stored before `since`."""
        known = (self.photos.get(sha256) for sha256 in photos)
        return self._sum(photo for photo in known if photo and (photo.due or photo.stored))

    def to_go(self) -> set[str]:
        """Digests that the bureau has not confirmed, even if all their bytes are there."""
        return {p.sha256 for p in self.photos.values() if p.due and not p.stored}

    def _belongs(self, photo: PhotoUploadState) -> bool:
        at = photo.stored_at
        return at is None or (self.since is not None and at > self.since)

    def _sum(self, photos: Iterable[PhotoUploadState]) -> TransferAmount:
        sent = total = left = count = 0
        for photo in photos:
            there = self._sent(photo)
            sent += there
            total += photo.size
            left += there < photo.size
            count += 1
        return TransferAmount(sent, total, left, count)

    def _sent(self, photo: PhotoUploadState) -> int:
        if photo.stored:
            return photo.size
        reached = self.reached if photo.sha256 == self.moving else photo.sent
        return min(reached, photo.size)
