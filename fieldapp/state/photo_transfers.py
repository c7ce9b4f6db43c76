"""How far the photos are, in bytes: what the notebook knows, and what the road has said since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from fieldapp.ports import PhotoUploadState

EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TransferAmount:
    """`sent` of `total` bytes are at the bureau; `left` of `photos` photos are not wholly there."""

    sent: int = 0
    total: int = 0
    left: int = 0
    photos: int = 0

    @property
    def per_cent(self) -> int:
        """Whole per cents, rounded down: 100 is said of the last byte only."""
        return 100 * self.sent // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class PhotoTransfers:
    """The photos that go or went since the last time that none was left to go. `since` is the
    bureau's time of the last photo before them: a bar that began anew at each restart or each
    broken trip would tell a worker nothing. `moving` is on the road, `reached` bytes of it there.
    """

    pictures: Mapping[str, PhotoUploadState] = field(default_factory=dict)
    since: datetime | None = None
    moving: str = ""
    reached: int = 0

    @classmethod
    def of(
        cls, pictures: Iterable[PhotoUploadState], sealed: set[str], since: datetime | None
    ) -> "PhotoTransfers":
        """Of all that the notebook has; `sealed` photos become due with the receipt of theirs."""
        going = {
            picture.sha256: replace(picture, due=True) if picture.sha256 in sealed else picture
            for picture in pictures
        }
        if not any(picture.due and not picture.stored for picture in going.values()):
            return cls(going)
        last = max((p.stored_at for p in going.values() if p.stored_at), default=EVER)
        return cls(going, since or last)

    def moved(self, sha256: str, reached: int) -> "PhotoTransfers":
        """The road said how far a photo is; another one than before starts from where it was."""
        before = self.pictures.get(self.moving)
        if before is None or sha256 == self.moving:
            return replace(self, moving=sha256, reached=reached)
        pictures = {**self.pictures, self.moving: replace(before, sent=self.reached)}
        return replace(self, pictures=pictures, moving=sha256, reached=reached)

    def load(self) -> TransferAmount:
        """Of all of them."""
        return self._sum(p for p in self.pictures.values() if p.due and self._belongs(p))

    def load_of(self, photos: Iterable[str]) -> TransferAmount:
        """Of one report's photos, those stored long ago included."""
        known = (self.pictures.get(sha256) for sha256 in photos)
        return self._sum(
            picture for picture in known if picture and (picture.due or picture.stored)
        )

    def to_go(self) -> set[str]:
        """Digests that the bureau has not confirmed, those with all their bytes there included."""
        return {p.sha256 for p in self.pictures.values() if p.due and not p.stored}

    def _belongs(self, picture: PhotoUploadState) -> bool:
        at = picture.stored_at
        return at is None or (self.since is not None and at > self.since)

    def _sum(self, pictures: Iterable[PhotoUploadState]) -> TransferAmount:
        sent = total = left = photos = 0
        for picture in pictures:
            there = self._sent(picture)
            sent += there
            total += picture.size
            left += there < picture.size
            photos += 1
        return TransferAmount(sent, total, left, photos)

    def _sent(self, picture: PhotoUploadState) -> int:
        if picture.stored:
            return picture.size
        reached = self.reached if picture.sha256 == self.moving else picture.sent
        return min(reached, picture.size)
