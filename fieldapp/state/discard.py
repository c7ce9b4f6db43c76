"""Discards a draft that was never sealed."""

from fieldapp.report.entry import Entry
from fieldapp.state.kit import Kit


def discard(kit: Kit, entry: Entry) -> None:
    """The draft, and its photos unless a sealed report shows the same. Runs in a thread."""
    kit.notebook.discard(entry.report.id)
    if kit.notebook.entry(entry.report.id) is None:
        sealed = {upload.sha256 for upload in kit.notebook.photos()}
        for photo in entry.report.photos:
            if photo.sha256 not in sealed:
                kit.album.forget(photo.sha256)
