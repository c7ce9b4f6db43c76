"""What the phone sees and knows of where and when it is: camera, darkroom, locator, clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from contract.place import Fix


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

    def masked(self, frame: Frame, masks: Sequence[Mask], strip: str = "") -> Frame:
        """Masks pixelated beyond recovery (blocks >= 24 px), `strip` written along the lower edge
        where there is one, re-encoded to <= 300 KB. Raises Refused ("no_strip") where this device
        cannot write in pictures."""
        ...


class Spotter(Protocol):
    """Finds faces, only to cover them: it knows nobody and keeps nothing (rule L7). Blocking, for
    seconds on a slow phone: run in a thread."""

    def spot(self, frame: Frame) -> Sequence[Mask]:
        """A mask over the whole head of each face of at least 20 px, as far as it sees them; the
        surest first. Raises Refused ("no_spotter") where this device cannot look for faces."""
        ...


class Scanner(Protocol):
    """Reads the QR code in a picture, of a bureau's invitation. Blocking: run in a thread."""

    def scan(self, jpeg: bytes) -> str | None:
        """What the code says; None where none is seen. Keeps nothing. Raises Refused: no_scanner
        where this device cannot read codes, not_a_picture."""
        ...


class FixOutcome(StrEnum):
    """How a try at a GNSS fix ended; the words stand in `words`."""

    FOUND = "found"
    DENIED = "denied"
    SWITCHED_OFF = "switched_off"
    TIMED_OUT = "timed_out"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Sighting:
    """`fix` is there exactly when `sight` is FOUND; a mocked fix is FOUND with `fix.mock`."""

    sight: FixOutcome
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


@dataclass(frozen=True, slots=True)
class Question:
    """What the system's own dialogue says when it asks for a finger or a face."""

    title: str
    reason: str
    cancel: str


class Biometrics(Protocol):
    """The phone's own look at who holds it. What it compares never leaves the system."""

    async def offered(self) -> bool:
        """Whether the phone can look and knows somebody. Never raises, never takes long."""
        ...

    async def recognised(self, question: Question) -> bool:
        """Whether it knows who answers; no one does so for longer than a minute. Never raises."""
        ...


class Battery(Protocol):
    """How much the phone has left."""

    async def charge(self) -> int | None:
        """Percent; None where nobody says. Never raises, never takes long."""
        ...


class Clock(Protocol):
    """Time and randomness, so that tests can own them."""

    def now(self) -> datetime:
        """An aware time with the phone's own offset, to the second."""
        ...

    def entropy(self, size: int) -> bytes: ...
