"""Sends everything again that this phone still holds, to a bureau that may have lost it."""

from dataclasses import replace
from uuid import UUID

from contract.protocol import ArrivalKind
from fieldapp.ports import Notebook


def send_again(notebook: Notebook) -> None:
    """Puts all receipted parcels that are kept back into the outbox, in their old order, and counts
    no photo as stored whose file is here. One transaction; doing it twice changes nothing more."""
    with notebook.atomic():
        for parcel in notebook.requeue_receipted():
            is_report = parcel.kind is ArrivalKind.REPORT
            if entry := notebook.entry(UUID(parcel.id)) if is_report else None:
                notebook.write(entry.forgotten(parcel.revision))
        for photo in notebook.photos(stored=True):
            if not photo.forgotten:
                notebook.save_photo(replace(photo, stored_at=None, sent=0))
