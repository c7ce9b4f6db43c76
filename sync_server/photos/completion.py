"""Photos that have come whole: judged, put on the disk, and kept for good."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any

from sync_server import problems
from sync_server.photos.creation import UploadRequest
from sync_server.photos.jpeg import check_jpeg
from sync_server.photos.uploads import Upload, Uploads
from sync_server.store import photos
from sync_server.store.engine import Tx


@dataclass(frozen=True, slots=True)
class CompleteUpload:
    """All of a photo has come; `rest` are its last bytes, which nobody has written yet. Where it
    came with the wish to begin they are all of it, and nobody has looked yet who sent it."""

    upload: Upload | UploadRequest
    rest: bytes

    @property
    def written(self) -> int:
        """Where the rest belongs."""
        return self.upload.length - len(self.rest)


@dataclass(frozen=True, slots=True)
class CompletedPhoto:
    """What became of it: a picture that may be kept, and the part on the disk that it will be."""

    came: CompleteUpload
    upload: Upload
    part: str
    sha256: str
    width: int
    height: int


class PhotoCompleter:
    """Keeps the photos of one bureau, many in one commit. Every call blocks: run it in a thread."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads
        self._store, self._folder = uploads.store, uploads.folder
        self._limits = uploads.limits

    def keep(self, came: Sequence[CompleteUpload], now: datetime) -> list[Upload | Exception]:
        """Makes photos of uploads: on the disk first, then in the database. From now on they are
        stored. One that may not be kept is what `begin` would say, or PhotoMismatch, PhotoNotJpeg,
        PhotoTooManyPixels or PhotoHasMetadata; then its bytes are gone: they may show what rule L6
        protects, and the phone still has them."""
        found = [
            self._judged(upload, one)
            if isinstance(upload, Upload) and upload.digest is None
            else upload
            for upload, one in zip(self._begun(came, now), came, strict=True)
        ]
        completed = [one for one in found if isinstance(one, CompletedPhoto)]
        if completed:
            self._folder.complete(
                {one.part: (one.came.written, one.came.rest) for one in completed}
            )
            begun = {one.part for one in completed if not one.upload.fresh}
            names = {one.part: one.sha256 for one in completed}
            self._folder.finish(names, staying=begun)
            with self._store.writing() as tx:
                _enter(tx, completed, now)
        for one in completed:
            for part in () if one.upload.fresh else {one.part, one.upload.name}:
                self._folder.delete_part(part)
        return [_stored(one) if isinstance(one, CompletedPhoto) else one for one in found]

    def _begun(self, came: Sequence[CompleteUpload], now: datetime) -> Iterator[Upload | Exception]:
        wishes = [one.upload for one in came if isinstance(one.upload, UploadRequest)]
        begun = iter(self._uploads.begin(wishes, now, whole=True) if wishes else ())
        return (
            next(begun) if isinstance(one.upload, UploadRequest) else one.upload for one in came
        )

    def _judged(self, upload: Upload, came: CompleteUpload) -> CompletedPhoto | Exception:
        """Nothing that is wrong with one is the affair of those who came with it."""
        # An older request may be about to write to the part of an upload that was begun before.
        is_another = isinstance(came.upload, UploadRequest) and not upload.fresh
        part = token_hex(16) if is_another else upload.name
        try:
            jpeg = came.rest
            if came.written:
                jpeg = self._folder.part(part)[: came.written] + came.rest
            digest = sha256(jpeg).hexdigest()
            if upload.announced not in (None, digest):
                raise problems.PhotoMismatch
            width, height = check_jpeg(jpeg, self._limits.pixels)
        except problems.Problem as problem:
            if not is_another:
                self._uploads.drop(upload)
            return problem
        except Exception as error:
            return error
        return CompletedPhoto(came, upload, part, digest, width, height)


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


def _enter(tx: Tx, completed: Sequence[CompletedPhoto], now: datetime) -> None:
    rows = [
        {"sha256": one.sha256, "bytes": one.upload.length, "width": one.width, "height": one.height}
        for one in completed
    ]
    photos.add(tx, rows, now)
    photos.add_uploads(tx, [_row(one.upload, one.sha256) for one in completed if one.upload.fresh])
    photos.end_uploads(
        tx, {one.upload.name: one.sha256 for one in completed if not one.upload.fresh}
    )


def _stored(photo: CompletedPhoto) -> Upload:
    upload = photo.upload
    return replace(upload, reached=upload.length, digest=photo.sha256, fresh=False)
