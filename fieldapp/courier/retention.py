"""How long this phone keeps what it no longer needs: rule L12, by the bureau's clock."""

from dataclasses import replace
from datetime import datetime, timedelta

from fieldapp.memory.memory import Memory
from fieldapp.ports import Album, Notebook, PhotoUploadState
from fieldapp.report.entry import Entry, Stage

PHOTO_STAYS = timedelta(days=1)  # after the bureau has it
RECORD_STAYS = timedelta(days=7)  # after its receipt
UNSENT = (Stage.DRAFT, Stage.SEALED)  # what these show is never touched
ALL = 1_000_000


def expired_photos(notebook: Notebook, now: datetime) -> list[str]:
    """Stored pictures whose time here is over: to be asked about once more, then forgotten. `now`
    is by the bureau's clock, as `stored_at` is: the phone's may jump."""
    if Memory(notebook).ledger_broken():
        return []
    kept = (picture for picture in notebook.photos(stored=True) if not picture.forgotten)
    return [one.sha256 for one in kept if one.stored_at and now - one.stored_at >= PHOTO_STAYS]


def forget_photos(notebook: Notebook, album: Album, stored: set[str]) -> None:
    """These are at the bureau, by its word of this moment."""
    for picture in notebook.photos(stored=True):
        if picture.sha256 in stored:
            album.forget(picture.sha256)
            notebook.save_photo(replace(picture, forgotten=True))


def purge(notebook: Notebook, album: Album, now: datetime) -> None:
    """Forgets receipted parcels after their time, and pictures that will never be sent after the
    same time; nothing at all while the bureau's word is in doubt."""
    if Memory(notebook).ledger_broken():
        return
    notebook.purge_receipted(now, RECORD_STAYS)
    if not _idle(notebook):
        return
    with notebook.atomic():
        needed = {sha256 for entry in notebook.entries(UNSENT, ALL) for sha256 in _shown(entry)}
        for picture in _idle(notebook):
            _age(notebook, album, picture, None if picture.sha256 in needed else now)


def _idle(notebook: Notebook) -> list[PhotoUploadState]:
    """Of an undone, withdrawn or refused report, or taken out before it left."""
    unsent = notebook.photos(stored=False)
    return [picture for picture in unsent if not picture.due and not picture.forgotten]


def _age(notebook: Notebook, album: Album, picture: PhotoUploadState, now: datetime | None) -> None:
    """`now` is None for a picture that is needed."""
    since = picture.idle_at
    if now and since and now - since >= RECORD_STAYS:
        for entry in notebook.entries((Stage.REFUSED,), ALL):
            if picture.sha256 in _shown(entry):  # were it mended, it would name what is gone
                notebook.write(entry.without(picture.sha256))
        album.forget(picture.sha256)
        notebook.save_photo(replace(picture, forgotten=True))
        return
    idle_at = min(since or now, now) if now else None  # a clock may have been put right since
    if idle_at != since:
        notebook.save_photo(replace(picture, idle_at=idle_at))


def _shown(entry: Entry) -> set[str]:
    return {photo.sha256 for photo in entry.report.photos}
