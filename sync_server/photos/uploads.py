"""The uploads of photos: created, found again, deleted, swept when their time is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sync_server import problems
from sync_server.accounts.phones import Phone, phone_of, sender_of
from sync_server.photos.creation import UploadCreation, UploadRequest
from sync_server.settings import Limits
from sync_server.store import photos
from sync_server.store.engine import Store, Tx
from sync_server.store.photo_folder import PhotoFolder

STRAY_S = 3600
MOST_COLLECTED = 10_000  # photos in one sweep
LEAVING = timedelta(hours=1)  # longer than any call that may still believe that a photo is stored


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload as it stands: `reached` of `length` bytes have arrived. `announced` is the digest
    that the phone announced, `digest` that of the photo which the upload has become, else None.
    `is_unsaved`: it has no row in the database, and will be saved when it becomes a photo."""

    name: str
    device: str
    length: int
    reached: int
    expires_at: datetime
    announced: str | None
    metadata: str
    digest: str | None
    is_unsaved: bool


@dataclass(frozen=True, slots=True)
class Uploads:
    """The uploads of one bureau. Every call blocks: run it in a thread."""

    store: Store
    folder: PhotoFolder
    limits: Limits

    def create(
        self, requests: Sequence[UploadRequest], now: datetime, whole: bool = False
    ) -> list[Upload | Exception]:
        """For each request a new upload, the open one that this phone has for the same photo, or a
        finished one if the bureau has the photo; else why not: NotSignedIn, TokenRevoked,
        PhotoTooLarge or TooManyUploads. `whole`: see UploadCreation."""
        announced = {request.announced for request in requests if request.announced}
        here = {digest for digest in announced if self.folder.holds(digest)}
        with self.store.reading() as tx:
            creation = UploadCreation(tx, self.limits, now, here, whole)
            rows = creation.rows(requests)
        if creation.has_changes:
            with self.store.writing() as tx:
                creation = UploadCreation(tx, self.limits, now, here, whole)
                rows = creation.rows(requests)
                creation.write()
        return [row if isinstance(row, Exception) else self._upload(row) for row in rows]

    def authenticate(self, authorization: str) -> None:
        """Raises NotSignedIn or TokenRevoked if this is no enrolled phone's token."""
        with self.store.reading() as tx:
            phone_of(tx, authorization)

    def find(self, authorization: str, name: str, now: datetime) -> Upload:
        """This phone's upload of this name. Raises NotSignedIn, TokenRevoked, NotFound (for another
        phone's upload, too) or UploadGone when its time is over."""
        with self.store.reading() as tx:
            phone, row = sender_of(tx, authorization), photos.upload(tx, name)
            if phone.is_revoked and not _is_named(tx, phone, row):
                raise problems.TokenRevoked(phone.device)
        if row is None or row.device != phone.device:
            raise problems.NotFound
        if row.expires_at <= now:
            raise problems.UploadGone
        return self._upload(row._asdict())

    def delete(self, upload: Upload) -> None:
        """Deletes an upload; a photo that it became stays."""
        if not upload.is_unsaved:
            with self.store.writing() as tx:
                photos.delete_upload(tx, upload.name)
        self.folder.delete_part(upload.name)

    def sweep(self, now: datetime) -> None:
        """Deletes uploads whose time is over, part files that belong to no upload, and photos that
        no report names."""
        # A photo that came whole has a part file for a moment before it has a row, not for an hour.
        parts = list(self.folder.parts(STRAY_S))
        with self.store.writing() as tx:
            photos.delete_expired(tx, now)
            known = photos.upload_ids(tx)
        for name in parts:
            if name not in known:
                self.folder.delete_part(name)
        self._collect_unnamed(now)

    def _collect_unnamed(self, now: datetime) -> None:
        """Deletes photos that no report named for `unnamed_age`, in two sweeps: a call under way
        may be naming one at this moment, and its phone is told that the photo is stored. From the
        first sweep on it is told to send it again."""
        with self.store.reading() as tx:
            found = photos.unnamed(tx, now - timedelta(seconds=self.limits.unnamed_age))
        with self.store.writing() as tx:
            for digest in photos.delete_leaving(tx, now - LEAVING):
                self.folder.delete(digest)
            if found:
                photos.set_leaving(tx, found[:MOST_COLLECTED], now)

    def _upload(self, row: Mapping[str, Any]) -> Upload:
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
            is_unsaved=row.get("is_unsaved", False),
        )


def _is_named(tx: Tx, phone: Phone, row: Any) -> bool:
    """Whether a recorded report of this phone's duty post names the photo of this upload."""
    return row is not None and bool(photos.named_by(tx, [phone.author], [row.sha256]))
