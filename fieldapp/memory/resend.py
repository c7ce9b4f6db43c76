"""The bureau has forgotten: what this phone still holds goes out once more, and is told again."""

from dataclasses import replace
from uuid import UUID

from contract.protocol import ArrivalKind
from fieldapp.ports import Notebook


def send_again(notebook: Notebook) -> None:
    """All receipted parcels that are kept wait in the outbox again, in their old order, and no
    picture that is here counts as stored. All of it or nothing, and twice is once."""
    with notebook.atomic():
        for parcel in notebook.requeue_receipted():
            about = parcel.kind is ArrivalKind.REPORT
            if entry := notebook.entry(UUID(parcel.id)) if about else None:
                notebook.write(entry.forgotten(parcel.revision))
        for picture in notebook.photos(stored=True):
            if not picture.forgotten:
                notebook.save_photo(replace(picture, stored_at=None, sent=0))
