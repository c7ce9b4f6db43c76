"""What the field app needs of the world. Adapters give it; fakes give it to tests."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from contract.place import Fix
from contract.replies import (
    Answer,
    Enrolment,
    EnrolmentRequest,
    SyncReply,
    SyncRequest,
    Wanted,
)
from fieldapp.entry import Entry, Parcel, Stage


class Offline(Exception):
    """The bureau cannot be reached now, or what answered was not the bureau: wait, try later.

    `why` is a code for words: no_road, timed_out, not_the_bureau, bureau_down.
    """

    def __init__(self, why: str = "no_road") -> None:
        super().__init__(why)
        self.why = why


class Refused(Exception):
    """The bureau answered and said no; `code` is the problem's stable code: tell the worker."""

    def __init__(self, code: str, status: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class Full(Exception):
    """The phone's storage is full: nothing was written, nothing that was there is lost."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One kept photo on its way: `sent` of `size` bytes are at the bureau; `stored` once the
    bureau has said its digest."""

    sha256: str
    size: int
    sent: int = 0
    stored: bool = False


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
        """Insert or replace by report id."""
        ...

    def discard(self, report: UUID) -> None:
        """Forget a draft that was never sealed."""
        ...

    def post(self, parcel: Parcel) -> None:
        """Put a parcel into the outbox; the same digest twice is one."""
        ...

    def recall(self, digest: str) -> None:
        """Take a parcel out of the outbox (undo, or its receipt came)."""
        ...

    def outbox(self, sealed_before: datetime, limit: int) -> Sequence[Parcel]:
        """Parcels sealed before that moment, oldest first. A parcel sealed later than the clock
        now says (a clock that jumped) is not held back for ever: see `waiting`."""
        ...

    def waiting(self) -> int:
        """How many parcels are in the outbox."""
        ...

    def draw(self, picture: Picture) -> None:
        """Insert or replace what is known of one photo's way."""
        ...

    def pictures(self, stored: bool | None = None) -> Sequence[Picture]: ...

    def file(self, answer: Answer) -> bool:
        """Keep an answer, whether or not the report is here; False when it was here already."""
        ...

    def answers(self) -> Sequence[Answer]:
        """All answers held, in order of `seq`."""
        ...

    def recollect(self, key: str) -> str | None:
        """A small remembered text: cursor, ledger head, settings, reference data, identity."""
        ...

    def remember(self, key: str, text: str | None) -> None:
        """Keep or (None) forget a small text."""
        ...


class Album(Protocol):
    """Kept photos by digest, on disk. Blocking: run in a thread."""

    def keep(self, jpeg: bytes) -> str:
        """Durably store; returns the SHA-256. Atomic: a kill leaves all or nothing. May raise
        Full."""
        ...

    def read(self, sha256: str) -> bytes | None: ...

    def forget(self, sha256: str) -> None: ...

    def used(self) -> int:
        """Bytes on disk."""
        ...


@dataclass(frozen=True, slots=True)
class Mask:
    """A rectangle to pixelate, in fractions (0 to 1) of the frame's width and height."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class Frame:
    """An upright picture in memory, never written: JPEG without metadata, at most 1,600 px."""

    jpeg: bytes
    width: int
    height: int


class Darkroom(Protocol):
    """Image work, in memory only. Blocking: run in a thread."""

    def develop(self, raw: bytes) -> Frame:
        """Orientation applied, metadata gone, longest side <= 1,600 px. Raises Refused
        ("not_a_picture") for anything else than a JPEG, PNG or WebP of sane size."""
        ...

    def masked(self, frame: Frame, masks: Sequence[Mask]) -> Frame:
        """Masks pixelated beyond recovery (blocks >= 24 px), re-encoded to <= 300 KB."""
        ...


class Sight(StrEnum):
    """How a try at a GNSS fix ended; the words stand in `words`."""

    FOUND = "found"
    DENIED = "denied"
    SWITCHED_OFF = "switched_off"
    TIMED_OUT = "timed_out"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Sighting:
    """`fix` is there exactly when `sight` is FOUND; a mocked fix is FOUND with `fix.mock`."""

    sight: Sight
    fix: Fix | None = None


class Locator(Protocol):
    """One position on demand; no stream, no background (rule L8)."""

    async def locate(self, seconds: float = 20) -> Sighting:
        """Never raises, never takes longer than `seconds`; five decimals."""
        ...


class Camera(Protocol):
    """The in-app camera, the only source of pictures (rule L5)."""

    async def shoot(self) -> bytes:
        """One still as encoded image bytes in memory. Raises Refused: camera_denied, camera_busy,
        no_camera."""
        ...


class Link(Protocol):
    """The road to the bureau. Raises Offline, or Refused with the problem's code."""

    async def enrol(self, asked: EnrolmentRequest) -> Enrolment: ...

    async def sync(self, asked: SyncRequest, parcels: Sequence[bytes]) -> SyncReply:
        """One round trip. `parcels` are the sealed bytes, sent exactly as they are."""
        ...

    async def photo(self, wanted: Wanted, jpeg: bytes, told: Callable[[int], None]) -> None:
        """Send a photo from where the bureau stands until it has confirmed its digest; `told`
        hears the bytes that are at the bureau, as they arrive."""
        ...


class Clock(Protocol):
    """Time and randomness, so that tests can own them."""

    def now(self) -> datetime:
        """An aware time with the phone's own offset, to the second."""
        ...

    def entropy(self, size: int) -> bytes: ...
