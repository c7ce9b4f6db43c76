"""Completes uploads: checks photos that have arrived whole, syncs them to disk, records them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any

from sync_server import problems
from sync_server.accounts import quota
from sync_server.accounts.quota import DayUse, day_of
from sync_server.photos.creation import UploadRequest
from sync_server.photos.jpeg import check_jpeg
from sync_server.photos.uploads import Upload, Uploads
from sync_server.store import photos
from sync_server.store.engine import Tx


@dataclass(frozen=True, slots=True)
class CompleteUpload:
    """A photo whose bytes have all arrived; `rest` are the last of them, which are not on the disk.

    With an UploadRequest the photo came in one request: `rest` is all of it, and its sender has
    not been authenticated.
    """

    upload: Upload | UploadRequest
    rest: bytes

    @property
    def written(self) -> int:
        """How many bytes are on the disk: the offset of `rest`."""
        return self.upload.length - len(self.rest)


@dataclass(frozen=True, slots=True)
class CompletedPhoto:
    """A photo that passed its checks, and the name of the part file that holds it."""

    source: CompleteUpload
    upload: Upload
    part: str
    sha256: str
    width: int
    height: int


class PhotoCompleter:
    """Completes uploads of one bureau, many in one commit. Blocks: call it in a thread."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads
        self._store, self._folder = uploads.store, uploads.folder
        self._limits = uploads.limits

    def complete(
        self, complete: Sequence[CompleteUpload], now: datetime
    ) -> list[Upload | Exception]:
        """Makes photos of uploads, on the disk first, then in the database; on return they are
        stored. For each the upload, or why not: what `Uploads.create` may return, or PhotoMismatch,
        PhotoNotJpeg, PhotoTooManyPixels or PhotoHasMetadata. The bytes of a refused photo are
        deleted: they may show what rule L6 protects, and the phone still has them."""
        found = [
            self._check(upload, one)
            if isinstance(upload, Upload) and upload.digest is None
            else upload
            for upload, one in zip(self._create_missing(complete, now), complete, strict=True)
        ]
        completed = [one for one in found if isinstance(one, CompletedPhoto)]
        if completed:
            self._folder.complete(
                {one.part: (one.source.written, one.source.rest) for one in completed}
            )
            known = {one.part for one in completed if not one.upload.is_unsaved}
            names = {one.part: one.sha256 for one in completed}
            self._folder.finish(names, staying=known)
            with self._store.writing() as tx:
                _save(tx, completed, now)
        for one in completed:
            for part in () if one.upload.is_unsaved else {one.part, one.upload.name}:
                self._folder.delete_part(part)
        return [_stored(one) if isinstance(one, CompletedPhoto) else one for one in found]

    def _create_missing(
        self, complete: Sequence[CompleteUpload], now: datetime
    ) -> Iterator[Upload | Exception]:
        """The upload of each; one that came as an UploadRequest is created."""
        asked = [one.upload for one in complete if isinstance(one.upload, UploadRequest)]
        created = iter(self._uploads.create(asked, now, whole=True) if asked else ())
        return (
            next(created) if isinstance(one.upload, UploadRequest) else one.upload
            for one in complete
        )

    def _check(self, upload: Upload, source: CompleteUpload) -> CompletedPhoto | Exception:
        """Returns errors instead of raising them: one photo must not fail the others' batch."""
        # An older request may be about to write to the part of an upload that existed before.
        is_second_part = isinstance(source.upload, UploadRequest) and not upload.is_unsaved
        part = token_hex(16) if is_second_part else upload.name
        try:
            jpeg = source.rest
            if source.written:
                jpeg = self._folder.part(part)[: source.written] + source.rest
            digest = sha256(jpeg).hexdigest()
            if upload.announced not in (None, digest):
                raise problems.PhotoMismatch
            width, height = check_jpeg(jpeg, self._limits.pixels)
        except problems.Problem as problem:
            if not is_second_part:
                self._uploads.delete(upload)
            return problem
        except Exception as error:
            return error
        return CompletedPhoto(source, upload, part, digest, width, height)


def _row(upload: Upload, ended: str) -> dict[str, Any]:
    return {
        "upload": upload.name,
        "device": upload.device,
        "length": upload.length,
        "sha256": upload.announced,
        "metadata": upload.metadata,
        "expires_at": upload.expires_at,
        "ended": ended,
    }


def _save(tx: Tx, completed: Sequence[CompletedPhoto], now: datetime) -> None:
    rows = [
        {"sha256": one.sha256, "bytes": one.upload.length, "width": one.width, "height": one.height}
        for one in completed
    ]
    unsaved = [one for one in completed if one.upload.is_unsaved]
    used: dict[str, DayUse] = {}
    for one in unsaved:  # the others were counted when they were created
        device, length = one.upload.device, one.upload.length
        used[device] = used.get(device, DayUse(day_of(now))).with_photo(length)
    quota.add(tx, used)
    photos.add(tx, rows, now)
    photos.add_uploads(tx, [_row(one.upload, one.sha256) for one in unsaved])
    photos.end_uploads(
        tx, {one.upload.name: one.sha256 for one in completed if not one.upload.is_unsaved}
    )


def _stored(photo: CompletedPhoto) -> Upload:
    upload = photo.upload
    return replace(upload, reached=upload.length, digest=photo.sha256, is_unsaved=False)
