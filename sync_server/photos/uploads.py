"""Photos on their way: begun, and resumed at the byte that came last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sync_server import problems
from sync_server.accounts.phones import phone_of
from sync_server.photos.creation import Beginnings, UploadRequest
from sync_server.settings import Limits
from sync_server.store import photos
from sync_server.store.engine import Store
from sync_server.store.photo_folder import PhotoFolder

STRAY_S = 3600


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload as it stands; `digest` once it is a photo, `announced` what it says it will be.
    `fresh`: not in the database yet, it will be entered as a photo."""

    name: str
    device: str
    length: int
    reached: int
    expires_at: datetime
    announced: str | None
    metadata: str
    digest: str | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class Uploads:
    """The uploads of one bureau. Every call blocks: run it in a thread."""

    store: Store
    folder: PhotoFolder
    limits: Limits

    def begin(
        self, wishes: Sequence[UploadRequest], now: datetime, whole: bool = False
    ) -> list[Upload | Exception]:
        """For each a new upload, or the one that this phone has begun for the same photo; a
        finished one when the photo is here; else why not: NotSignedIn, TokenRevoked,
        PhotoTooLarge or TooManyUploads."""
        announced = {wish.announced for wish in wishes if wish.announced}
        here = {digest for digest in announced if self.folder.holds(digest)}
        with self.store.reading() as tx:
            found = Beginnings(tx, self.limits, now, here, whole)
            rows = found.rows(wishes)
        if found.changes:
            with self.store.writing() as tx:
                found = Beginnings(tx, self.limits, now, here, whole)
                rows = found.rows(wishes)
                found.write()
        return [row if isinstance(row, Exception) else self._seen(row) for row in rows]

    def know(self, authorization: str) -> None:
        """Raises NotSignedIn or TokenRevoked for a stranger."""
        with self.store.reading() as tx:
            phone_of(tx, authorization)

    def find(self, authorization: str, name: str, now: datetime) -> Upload:
        """Where an upload of this phone stands. Raises NotSignedIn, TokenRevoked, NotFound
        (another phone's are not there, either) or UploadGone when its time is over."""
        with self.store.reading() as tx:
            phone, row = phone_of(tx, authorization), photos.upload(tx, name)
        if row is None or row.device != phone.device:
            raise problems.NotFound
        if row.expires_at <= now:
            raise problems.UploadGone
        return self._seen(row._asdict())

    def drop(self, upload: Upload) -> None:
        """Forgets an upload; a photo that it became stays."""
        if not upload.fresh:
            with self.store.writing() as tx:
                photos.delete_upload(tx, upload.name)
        self.folder.delete_part(upload.name)

    def sweep(self, now: datetime) -> None:
        """Forgets what nobody finished in time."""
        # A photo that came whole is a part for a moment before it has a row, not for an hour.
        parts = list(self.folder.parts(STRAY_S))
        with self.store.writing() as tx:
            photos.delete_expired(tx, now)
            known = photos.upload_ids(tx)
        for name in parts:
            if name not in known:
                self.folder.delete_part(name)

    def _seen(self, row: Mapping[str, Any]) -> Upload:
        reached = row["length"] if row["ended"] else self.folder.reached(row["upload"])
        return Upload(
            name=row["upload"],
            device=row["device"],
            length=row["length"],
            reached=reached,
            expires_at=row["expires_at"],
            announced=row["sha256"],
            metadata=row["metadata"],
            digest=row["ended"],
            fresh=row.get("fresh", False),
        )
