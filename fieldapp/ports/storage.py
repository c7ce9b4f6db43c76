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
    """One kept photo on its way: `sent` of `size` bytes are at the bureau. It is `due` once a
    report that shows it was received, so that no picture of an undone seal ever leaves; `stored`
    once the bureau has said its digest; `forgotten` once its file is gone from this phone. Since
    `idle_at` (the bureau's clock) nothing here needs it that was or could be sent."""

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
    """A parcel that the bureau has: under `position` of this phone's ledger, since `at` by the
    bureau's clock. It is kept for a while, for the bureau's own memory may be lost."""

    parcel: Parcel
    position: int
    at: datetime


class Notebook(Protocol):
    """Durable memory of the phone. A write that has returned survives a kill at any later moment.

    Reads cannot fail for lack of network. Every write may raise Full. Calls block: run them in a
    thread. `atomic()` makes the writes inside it one; nested use joins the outer one.
    """

    def atomic(self) -> AbstractContextManager[None]: ...

    def entry(self, report: UUID) -> Entry | None: ...

    def entries(
        self, stages: Iterable[Stage] = (), limit: int = 50, before: Entry | None = None
    ) -> Sequence[Entry]:
        """Newest first by `seen_at`, then id; of these stages (all when none is named); older
        than `before`."""
        ...

    def counts(self) -> dict[Stage, int]: ...

    def write(self, entry: Entry) -> None:
        """Insert or replace by report id. A copy read before the bureau's news came does not
        unwrite the news: see `Entry.knowing`."""
        ...

    def discard(self, report: UUID) -> None:
        """Forget a draft that was never sealed."""
        ...

    def enqueue(self, parcel: Parcel) -> None:
        """Put a parcel into the outbox; the same digest twice is one."""
        ...

    def dequeue(self, digest: str) -> None:
        """Take a parcel that waits out of the outbox for good (undo, or it was refused)."""
        ...

    def outbox(self, sealed_before: datetime, limit: int) -> Sequence[Parcel]:
        """Parcels sealed before that moment (now minus UNDO), newest patrol first, within one
        patrol in the order they were posted. One sealed more than UNDO after now, by a clock that
        has jumped back since, is not held back."""
        ...

    def keep_receipted(self, digest: str, position: int, at: datetime) -> None:
        """Its receipt came: out of the outbox, and kept."""
        ...

    def receipted(self) -> Sequence[ReceiptedParcel]:
        """All that is kept, in the order it was posted."""
        ...

    def requeue_receipted(self) -> Sequence[Parcel]:
        """Put all that is kept back into the outbox, each in its old place; what it was."""
        ...

    def purge_receipted(self, now: datetime, stays: timedelta) -> int:
        """Forget what has been kept for so long; how many. What was shelved after `now`, by a clock
        that has been put right since, counts as shelved now."""
        ...

    def waiting(self) -> int:
        """How many parcels are in the outbox, those that may still be undone included."""
        ...

    def save_photo(self, picture: PhotoUploadState) -> None:
        """Insert or replace what is known of one photo's way."""
        ...

    def note_photo_sent(self, sha256: str, sent: int) -> None:
        """Note how far a photo has come; what else is known of it stays as it is."""
        ...

    def photos(self, stored: bool | None = None) -> Sequence[PhotoUploadState]:
        """Newest patrol first, within one patrol in the order they were first drawn."""
        ...

    def keep_answer(self, answer: Answer) -> bool:
        """Keep an answer, whether or not the report is here; False when it was here already."""
        ...

    def drop_answer(self, answer: Answer) -> None:
        """Forget an answer that the bureau no longer gives."""
        ...

    def answers(self) -> Sequence[Answer]:
        """All answers held, in order of `seq`."""
        ...

    def remembered(self, key: str) -> str | None:
        """A small remembered text: cursor, ledger head, settings, reference data, identity."""
        ...

    def remember(self, key: str, text: str | None) -> None:
        """Keep or (None) forget a small text."""
        ...

    def close_if(self, ready: Callable[[], bool]) -> bool:
        """Closes for good if `ready` says so, which may read: no other pen writes between the two.
        Whatever is asked of it afterwards raises GivenUp. Returns what `ready` said."""
        ...


class Album(Protocol):
    """Kept photos by digest, on disk. Blocking: run in a thread."""

    def keep(self, jpeg: bytes) -> str:
        """Durably store; returns the SHA-256. Atomic: a kill leaves all or nothing. May raise
        Full."""
        ...

    def read(self, sha256: str) -> bytes | None: ...

    def forget(self, sha256: str) -> None:
        """Durably gone; once more is harmless. May raise Full."""
        ...

    def used_bytes(self) -> int:
        """Bytes on disk."""
        ...

    def free_bytes(self) -> int:
        """Bytes that still fit on this disk."""
        ...
