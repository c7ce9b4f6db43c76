"""What lasts on the phone: the notebook with everything written, the album with the photos."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from contract.protocol import Answer
from fieldapp.report.entry import Entry, Stage
from fieldapp.report.parcel import Parcel


@dataclass(frozen=True, slots=True)
class PhotoUploadState:
    """How far one kept photo has come: `sent` of `size` bytes are at the bureau.

    `due` once a report that shows it was received, so that no photo of an undone report ever
    leaves; `stored_at` (the bureau's clock) once the bureau has confirmed its digest; `forgotten`
    once its file is deleted here. `idle_at` (the bureau's clock) is since when no report needs it
    that was or could be sent; None while one does. `patrol` is an id, or "".
    """

    sha256: str
    size: int
    sent: int = 0
    due: bool = False
    stored_at: datetime | None = None
    forgotten: bool = False
    patrol: str = ""
    idle_at: datetime | None = None

    @property
    def stored(self) -> bool:
        return self.stored_at is not None


@dataclass(frozen=True, slots=True)
class ReceiptedParcel:
    """A parcel that the bureau has: at `position` of this phone's ledger, since `at` by the
    bureau's clock. It is kept for a while, for the bureau may lose its own memory."""

    parcel: Parcel
    position: int
    at: datetime


class Notebook(Protocol):
    """Durable memory of the phone. A write that has returned survives a kill at any later moment.

    Every write may raise a StorageFailure (DiskFull, NotebookBusy …), and then has changed nothing;
    a reading may raise one too. Every call raises NotebookClosed after `close_if` has closed it,
    and CannotOpen where a row was tampered with. Calls block: run them in a thread.
    """

    def atomic(self) -> AbstractContextManager[None]:
        """Makes the writes inside it one transaction. Nested use joins the outer one; if it fails,
        and the failure is caught inside the outer one, only its own writes are undone."""
        ...

    def entry(self, report: UUID) -> Entry | None:
        """None if this phone does not hold the report."""
        ...

    def entries(
        self, stages: Iterable[Stage] = (), limit: int = 50, before: Entry | None = None
    ) -> Sequence[Entry]:
        """Newest first by `seen_at`, then id: at most `limit` entries in these stages (in all, if
        none is named), older than `before`."""
        ...

    def counts(self) -> dict[Stage, int]:
        """How many entries there are in each stage, 0 included."""
        ...

    def write(self, entry: Entry) -> None:
        """Inserts or replaces by report id. What the bureau said meanwhile is kept, even if this
        copy was read before: see `Entry.with_news_of`."""
        ...

    def discard(self, report: UUID) -> None:
        """Deletes a draft that was never sealed; any other entry stays."""
        ...

    def enqueue(self, parcel: Parcel) -> None:
        """Puts a parcel into the outbox; the same digest twice is one."""
        ...

    def dequeue(self, digest: str) -> None:
        """Deletes a parcel that waits in the outbox (undone, or refused); a receipted one stays."""
        ...

    def outbox(self, sealed_before: datetime, limit: int) -> Sequence[Parcel]:
        """At most `limit` waiting parcels that were sealed before that moment (now minus UNDO):
        newest patrol first, within one patrol in the order they were enqueued. One that was sealed
        more than UNDO after now, by a clock that was set back since, is among them."""
        ...

    def keep_receipted(self, digest: str, position: int, at: datetime) -> None:
        """A receipt came: the parcel leaves the outbox and is kept as a ReceiptedParcel."""
        ...

    def receipted(self) -> Sequence[ReceiptedParcel]:
        """All receipted parcels that are kept, in the order they were enqueued."""
        ...

    def requeue_receipted(self) -> Sequence[Parcel]:
        """Puts all receipted parcels back into the outbox, each in its old place; returns them."""
        ...

    def purge_receipted(self, now: datetime, stays: timedelta) -> int:
        """Deletes what was receipted at least `stays` before `now` (the bureau's clock); returns
        how many. A receipt later than `now`, from before that clock was set back, counts as of
        now."""
        ...

    def waiting(self) -> int:
        """How many parcels are in the outbox, those that may still be undone included."""
        ...

    def save_photo(self, photo: PhotoUploadState) -> None:
        """Inserts or replaces by digest."""
        ...

    def note_photo_sent(self, sha256: str, sent: int) -> None:
        """Sets `sent` alone, in bytes; what else is known of the photo stays as it is."""
        ...

    def photos(self, stored: bool | None = None) -> Sequence[PhotoUploadState]:
        """All, or only those (not) stored; newest patrol first, within one patrol in the order
        they were first saved."""
        ...

    def keep_answer(self, answer: Answer) -> bool:
        """Keeps an answer, whether or not its report is here; False if it was here already."""
        ...

    def drop_answer(self, answer: Answer) -> None:
        """Deletes an answer that the bureau no longer gives."""
        ...

    def answers(self) -> Sequence[Answer]:
        """All answers held, in order of `seq`."""
        ...

    def remembered(self, key: str) -> str | None:
        """The text under this key; None if there is none. `Memory` gives them types."""
        ...

    def remember(self, key: str, text: str | None) -> None:
        """Keeps a small text under this key; with None deletes it."""
        ...

    def close_if(self, ready: Callable[[], bool]) -> bool:
        """Closes for good if `ready()`, which may read; nothing is written between the two.
        Returns what `ready` returned."""
        ...


class Album(Protocol):
    """Kept photos (JPEG) by the SHA-256 of their bytes, on disk. Blocking: run in a thread."""

    def keep(self, jpeg: bytes) -> str:
        """Stores durably, whole or not at all; returns the digest. Raises DiskFull."""
        ...

    def read(self, sha256: str) -> bytes | None:
        """None if it is not here, or damaged: bytes of another digest are never returned."""
        ...

    def forget(self, sha256: str) -> None:
        """Deletes durably; may be repeated. Raises DiskFull."""
        ...

    def used_bytes(self) -> int:
        """Bytes that the album takes on the disk."""
        ...

    def free_bytes(self) -> int:
        """Bytes that still fit on this disk."""
        ...


class PhoneFiles(Protocol):
    """Everything that notebook and album have written. Blocking."""

    def has_notebook(self) -> bool:
        """Whether the notebook's file exists."""
        ...

    def delete_all(self) -> None:
        """Deletes everything, the notebook's file before all else; may be repeated. Raises
        OSError."""
        ...
