"""Photos on their way: begun, resumed at the byte that came last, checked, and kept for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sync_server import problems
from sync_server.beginnings import Beginnings, Wish
from sync_server.phones import phone_of
from sync_server.pictures import measured
from sync_server.settings import Limits
from sync_server.store import pictures
from sync_server.store.engine import Store
from sync_server.store.folder import Folder

STRAY_S = 3600


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload as it stands; `digest` once it is a photo, `announced` what it says it will be.
    `fresh`: not in the database yet, only the request that brings it knows of it."""

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
class Finished:
    """A picture that is on the disk under its digest, and not yet in the database."""

    upload: Upload
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Uploads:
    """The uploads of one bureau. Every call blocks: run it in a thread."""

    store: Store
    folder: Folder
    limits: Limits

    def begin(self, wishes: Sequence[Wish], now: datetime) -> list[Upload | Exception]:
        """For each a new upload, or the one that this phone has begun for the same photo; a
        finished one when the photo is here; else why not: NotSignedIn, TokenRevoked,
        PhotoTooLarge or TooManyUploads."""
        announced = {wish.announced for wish in wishes if wish.announced}
        here = {digest for digest in announced if self.folder.holds(digest)}
        with self.store.reading() as tx:
            found = Beginnings(tx, self.limits, now, here)
            rows = found.rows(wishes)
        if found.changes:
            with self.store.writing() as tx:
                found = Beginnings(tx, self.limits, now, here)
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
            phone, row = phone_of(tx, authorization), pictures.upload(tx, name)
        if row is None or row.device != phone.device:
            raise problems.NotFound
        if row.expires_at <= now:
            raise problems.UploadGone
        return self._seen(dict(row._mapping))

    def enter(self, uploads: Sequence[Upload]) -> list[Upload]:
        """Enters fresh ones, so that they are found again: before a byte of them is on the disk."""
        with self.store.writing() as tx:
            pictures.begin(tx, [_row(upload, None) for upload in uploads])
        return [replace(upload, fresh=False) for upload in uploads]

    def finish(self, upload: Upload, rest: bytes) -> Finished:
        """Puts a whole upload on the disk as a photo; `rest` are its last bytes, which nobody has
        written yet. Raises PhotoMismatch, PhotoNotJpeg, PhotoTooManyPixels or PhotoHasMetadata;
        then its bytes are gone: they may show what rule L6 protects, and the phone still has them.
        """
        written = upload.length - len(rest)
        jpeg = self.folder.part(upload.name)[:written] + rest if written else rest
        digest = sha256(jpeg).hexdigest()
        try:
            if upload.announced not in (None, digest):
                raise problems.PhotoMismatch
            width, height = measured(jpeg, self.limits.pixels)
        except problems.Problem:
            self.drop(upload)
            raise
        self.folder.write(upload.name, written, rest)
        self.folder.finish(upload.name, digest)
        return Finished(upload, digest, width, height)

    def keep(self, finished: Sequence[Finished], now: datetime) -> list[Upload]:
        """Enters photos that are on the disk; from now on they are stored."""
        rows = [
            {"sha256": one.sha256, "bytes": one.upload.length}
            | {"width": one.width, "height": one.height}
            for one in finished
        ]
        with self.store.writing() as tx:
            pictures.keep(tx, rows, now)
            pictures.begin(
                tx, [_row(one.upload, one.sha256) for one in finished if one.upload.fresh]
            )
            known = [one for one in finished if not one.upload.fresh]
            pictures.end(tx, {one.upload.name: one.sha256 for one in known})
        for one in finished:
            self.folder.drop(one.upload.name)
        ended = [(one.upload, one.sha256) for one in finished]
        return [replace(u, reached=u.length, digest=sha, fresh=False) for u, sha in ended]

    def drop(self, upload: Upload) -> None:
        """Forgets an upload; a photo that it became stays."""
        if not upload.fresh:
            with self.store.writing() as tx:
                pictures.forget(tx, upload.name)
        self.folder.drop(upload.name)

    def sweep(self, now: datetime) -> None:
        """Forgets what nobody finished in time."""
        # A photo that came whole is a part for a moment before it has a row, not for an hour.
        parts = list(self.folder.parts(STRAY_S))
        with self.store.writing() as tx:
            pictures.sweep(tx, now)
            known = pictures.names(tx)
        for name in parts:
            if name not in known:
                self.folder.drop(name)

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


def _row(upload: Upload, ended: str | None) -> dict[str, Any]:
    return {
        "upload": upload.name,
        "device": upload.device,
        "length": upload.length,
        "sha256": upload.announced,
        "metadata": upload.metadata,
        "expires_at": upload.expires_at,
        "ended": ended,
    }
