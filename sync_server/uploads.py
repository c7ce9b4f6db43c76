"""Photos on their way: begun, resumed at the byte that came last, checked, and kept for good."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sync_server import problems
from sync_server.phones import Phone
from sync_server.pictures import measured
from sync_server.settings import Limits
from sync_server.store import pictures
from sync_server.store.engine import Store, Tx
from sync_server.store.folder import Folder


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload as it stands; `digest` once it is a photo, `announced` what it says it will be."""

    name: str
    length: int
    reached: int
    expires_at: datetime
    announced: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class Uploads:
    """The uploads of one bureau. Every call blocks: run it in a thread."""

    store: Store
    folder: Folder
    limits: Limits

    def begin(self, phone: Phone, length: int, announced: str | None, now: datetime) -> Upload:
        """A new upload, or the one that this phone has begun for the same photo; a finished one
        when the photo is here. Raises PhotoTooLarge or TooManyUploads."""
        if length > self.limits.photo:
            raise problems.PhotoTooLarge(f"at most {self.limits.photo} bytes")
        with self.store.writing() as tx:
            tx.claim([f"uploads/{phone.device}"])
            here = announced is not None and self.folder.holds(announced)
            kept = pictures.photo(tx, announced) if announced and here else None
            length = kept.bytes if kept else length
            row = pictures.begun(tx, phone.device, announced, length, now) if announced else None
            if row and row.ended and not here:  # its file was lost: it has to come again
                pictures.forget(tx, row.upload)
                row = None
            name = row.upload if row else self._new(tx, phone, length, announced, now)
            if kept and announced:
                pictures.end(tx, name, announced)
            return self._seen(pictures.upload(tx, name))

    def find(self, phone: Phone, name: str, now: datetime) -> Upload:
        """Where an upload stands. Raises NotFound (another phone's are not there, either) or
        UploadGone when its time is over."""
        with self.store.reading() as tx:
            row = pictures.upload(tx, name)
        if row is None or row.device != phone.device:
            raise problems.NotFound
        if row.expires_at <= now:
            raise problems.UploadGone
        return self._seen(row)

    def settle(self, upload: Upload, now: datetime) -> Upload:
        """Makes a whole upload a photo, durably. Raises PhotoMismatch, PhotoNotJpeg,
        PhotoTooManyPixels or PhotoHasMetadata; then its bytes are gone: they may show what rule L6
        protects, and the phone still has them."""
        jpeg = self.folder.part(upload.name)
        digest = sha256(jpeg).hexdigest()
        try:
            if upload.announced not in (None, digest):
                raise problems.PhotoMismatch
            width, height = measured(jpeg, self.limits.pixels)
        except problems.Problem:
            self.drop(upload)
            raise
        self.folder.finish(upload.name, digest)
        with self.store.writing() as tx:
            pictures.keep(tx, digest, (len(jpeg), width, height), now)
            pictures.end(tx, upload.name, digest)
        return Upload(
            upload.name, upload.length, len(jpeg), upload.expires_at, upload.announced, digest
        )

    def drop(self, upload: Upload) -> None:
        """Forgets an upload; a photo that it became stays."""
        with self.store.writing() as tx:
            pictures.forget(tx, upload.name)
        self.folder.drop(upload.name)

    def sweep(self, now: datetime) -> None:
        """Forgets what nobody finished in time."""
        parts = list(self.folder.parts())  # before the rows: a part never comes before its row
        with self.store.writing() as tx:
            pictures.sweep(tx, now)
            known = pictures.names(tx)
        for name in parts:
            if name not in known:
                self.folder.drop(name)

    def _new(
        self, tx: Tx, phone: Phone, length: int, announced: str | None, now: datetime
    ) -> str:  # fmt: skip
        if pictures.open_count(tx, phone.device, now) >= self.limits.open_uploads:
            raise problems.TooManyUploads(retry_after=3600)
        name = secrets.token_hex(16)
        expires_at = now + timedelta(seconds=self.limits.upload_age)
        row = {"length": length, "sha256": announced, "expires_at": expires_at}
        pictures.begin(tx, upload=name, device=phone.device, **row)
        return name

    def _seen(self, row: Any) -> Upload:
        reached = row.length if row.ended else self.folder.reached(row.upload)
        return Upload(row.upload, row.length, reached, row.expires_at, row.sha256, row.ended)
