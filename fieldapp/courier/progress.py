"""What is said of one trip to the bureau: while it lasts, and when it has ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """`parcels_left` parcels to go; `photo_sent` of `photo_total` bytes of `photo` (SHA-256 of the
    one now on the road) are there; `photos_left` photos to go, that one included. `sent` of `total`
    bytes of all photos that were due on this trip are there, earlier trips' parts included."""

    parcels_left: int
    photo: str = ""
    photo_sent: int = 0
    photo_total: int = 0
    photos_left: int = 0
    sent: int = 0
    total: int = 0


GIVEN_UP = "given_up"  # why a round ended: this phone was revoked, and its notebook is closed
OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class RoundResult:
    """How a trip ended. `why` is a code, None when all went well. `clock_skew_s` is how far the
    phone's clock is behind the bureau's, in seconds, None when the bureau was not heard. `waiting`
    parcels are still here. `photos_refused` are pictures that cannot be sent: digest to code."""

    at: datetime
    delivered: int = 0
    refused: int = 0
    answers: int = 0
    photos_sent: int = 0
    why: str | None = None
    clock_skew_s: float | None = None
    waiting: int = 0
    photos_refused: Mapping[str, str] = field(default_factory=dict)
