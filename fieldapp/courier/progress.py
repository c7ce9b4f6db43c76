"""What a round to the bureau tells the screens: while it lasts, and when it has ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fieldapp.memory.values import Deferral


@dataclass(frozen=True, slots=True)
class Progress:
    """`parcels_left` parcels are still to go, and `photos_left` photos, the one that is being sent
    included. `photo` is its digest (SHA-256), `photo_sent` of its `photo_total` bytes are at the
    bureau. `sent` of `total` bytes of all photos that are due are there, what came on earlier trips
    included."""

    parcels_left: int
    photo: str = ""
    photo_sent: int = 0
    photo_total: int = 0
    photos_left: int = 0
    sent: int = 0
    total: int = 0


NO_DEFERRAL = Deferral()
GIVEN_UP = "given_up"  # why a round ended: this phone was revoked and has wiped itself
OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class RoundResult:
    """How a round ended. `why` is a code, None if all went well. `clock_skew_s` is how many seconds
    the phone's clock is behind the bureau's, None if the bureau did not reply. `waiting` parcels
    are still here; `deferral` says until when some wait. `photos_refused` maps the digests of
    photos that cannot be sent to codes."""

    at: datetime
    delivered: int = 0
    refused: int = 0
    answers: int = 0
    photos_sent: int = 0
    why: str | None = None
    clock_skew_s: float | None = None
    waiting: int = 0
    deferral: Deferral = NO_DEFERRAL
    photos_refused: Mapping[str, str] = field(default_factory=dict)
