"""What is said of one trip to the bureau: while it lasts, and when it has ended."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """`parcels_left` parcels to go; `photo_sent` of `photo_total` bytes of the photo now on the
    road are there; `photos_left` photos to go, that one included."""

    parcels_left: int
    photo_sent: int = 0
    photo_total: int = 0
    photos_left: int = 0


Told = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Round:
    """How a trip ended. `why` is a code, None when all went well. `clock_skew_s` is how far the
    phone's clock is behind the bureau's, in seconds, None when the bureau was not heard. `waiting`
    parcels are still here. `aside` names the pictures that cannot be sent: digest and code."""

    at: datetime
    delivered: int = 0
    refused: int = 0
    answers: int = 0
    photos_sent: int = 0
    why: str | None = None
    clock_skew_s: float | None = None
    waiting: int = 0
    aside: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Trip:
    """A round under way."""

    photos: bool
    told: Told
    heard: datetime | None = None  # the bureau's clock at its last reply
    skew_s: float | None = None
    more: bool = True
    delivered: int = 0
    refused: int = 0
    answers: int = 0
    photos_sent: int = 0
    silent: set[str] = field(default_factory=set)  # parcels the bureau had no word for
    tried: set[str] = field(default_factory=set)  # pictures sent in this trip
    unclear: set[str] = field(default_factory=set)  # pictures asked about without a clear word
