"""Deletes what this phone no longer needs, after fixed times by the bureau's clock: rule L12."""

from dataclasses import replace
from datetime import datetime, timedelta

from fieldapp.memory.memory import Memory
from fieldapp.ports import Album, Notebook, PhotoUploadState
from fieldapp.report.entry import Entry, Stage

PHOTO_STAYS = timedelta(days=1)  # after the bureau has it
RECORD_STAYS = timedelta(days=7)  # a parcel after its receipt, a photo after nothing needs it
UNSENT = (Stage.DRAFT, Stage.SEALED)  # the photos of these are never deleted
ALL = 1_000_000


def expired_photos(notebook: Notebook, memory: Memory, now: datetime) -> list[str]:
    """Digests of stored photos whose time here is over: to be asked about once more, then deleted.
    `now` is by the bureau's clock, as `stored_at` is: the phone's may jump. [] while the ledger is
    broken."""
    if memory.ledger_broken():
        return []
    kept = (photo for photo in notebook.photos(stored=True) if not photo.forgotten)
    return [one.sha256 for one in kept if one.stored_at and now - one.stored_at >= PHOTO_STAYS]


def forget_photos(notebook: Notebook, album: Album, stored: set[str]) -> None:
    """Deletes the photos of these digests, which the bureau has said just now that it has."""
    for photo in notebook.photos(stored=True):
        if photo.sha256 in stored:
            album.forget(photo.sha256)
            notebook.save_photo(replace(photo, forgotten=True))


def purge(notebook: Notebook, album: Album, memory: Memory, now: datetime) -> None:
    """Deletes parcels RECORD_STAYS after their receipt, and photos that will never be sent so long
    after nothing needed them any more. Nothing at all while the ledger is broken."""
    if memory.ledger_broken():
        return
    notebook.purge_receipted(now, RECORD_STAYS)
    if not _not_due(notebook):
        return
    with notebook.atomic():
        needed = {sha256 for entry in notebook.entries(UNSENT, ALL) for sha256 in _photos_of(entry)}
        for photo in _not_due(notebook):
            if photo.sha256 in needed:
                _set_idle_since(notebook, photo, None)
            else:
                _delete_or_wait(notebook, album, photo, now)


def _not_due(notebook: Notebook) -> list[PhotoUploadState]:
    """Photos of undone, withdrawn or refused reports, or taken out of one before they left."""
    unsent = notebook.photos(stored=False)
    return [photo for photo in unsent if not photo.due and not photo.forgotten]


def _delete_or_wait(
    notebook: Notebook, album: Album, photo: PhotoUploadState, now: datetime
) -> None:
    since = photo.idle_at
    if since is None or now - since < RECORD_STAYS:
        # The bureau's clock may have been set back since it was noted.
        return _set_idle_since(notebook, photo, min(since or now, now))
    for entry in notebook.entries((Stage.REFUSED,), ALL):
        if photo.sha256 in _photos_of(entry):  # once corrected, it would name a deleted photo
            notebook.write(entry.without_purged_photo(photo.sha256))
    album.forget(photo.sha256)
    notebook.save_photo(replace(photo, forgotten=True))
    return None


def _set_idle_since(notebook: Notebook, photo: PhotoUploadState, since: datetime | None) -> None:
    if photo.idle_at != since:
        notebook.save_photo(replace(photo, idle_at=since))


def _photos_of(entry: Entry) -> set[str]:
    return {photo.sha256 for photo in entry.report.photos}
