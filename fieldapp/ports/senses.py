"""What the phone sees and knows of its surroundings: camera, darkroom, locator, clock, others."""

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
    """An upright photo in memory, never written to disk: JPEG without metadata, its longest side
    at most 1,600 px; `width` and `height` in px."""

    jpeg: bytes
    width: int
    height: int


class Darkroom(Protocol):
    """Image work, in memory only."""

    async def develop(self, raw: bytes) -> Frame:
        """Applies the orientation, drops all metadata, shrinks to a longest side of at most
        1,600 px. Raises Refused ("not_a_picture") for anything but a JPEG, PNG or WebP of at most
        40 MB and 50 megapixels."""
        ...

    async def masked(self, frame: Frame, masks: Sequence[Mask], strip: str = "") -> Frame:
        """Pixelates the masks beyond recovery (blocks of at least 24 px, rule L6), writes `strip`
        along the lower edge unless it is "", and encodes anew to at most 300 KB. Raises Refused
        ("no_strip") where this device cannot draw text."""
        ...


class Spotter(Protocol):
    """Finds faces, only to cover them: it recognises nobody and keeps nothing (rule L7). Takes
    seconds on a slow phone."""

    async def spot(self, frame: Frame) -> Sequence[Mask]:
        """A mask over the whole head of each face that it finds (of at least 20 px), the most
        certain first. Raises Refused ("no_spotter") where this device cannot look for faces."""
        ...


class Scanner(Protocol):
    """Reads the QR code of a bureau's invitation."""

    async def scan(self, jpeg: bytes) -> str | None:
        """The text of the code; None if there is none in the picture, which is not kept. Raises
        Refused: "no_scanner" where this device cannot read codes, "not_a_picture"."""
        ...


class FixOutcome(StrEnum):
    """How a try at a GNSS fix ended; screens phrase it by this value (`words.json`)."""

    FOUND = "found"
    DENIED = "denied"
    SWITCHED_OFF = "switched_off"
    TIMED_OUT = "timed_out"
    UNAVAILABLE = "unavailable"
    STALE = "stale"  # a position came, and its time is far from the clock's


@dataclass(frozen=True, slots=True)
class Sighting:
    """The outcome `sight`, and the fix exactly if that is FOUND; a mocked fix has `fix.mock`."""

    sight: FixOutcome
    fix: Fix | None = None


class Locator(Protocol):
    """One position on demand; no stream, no background (rule L8)."""

    async def locate(self, seconds: float = 20) -> Sighting:
        """Degrees with five decimals, in the datum that the fix names. Never raises, never takes
        longer than `seconds`."""
        ...


class Camera(Protocol):
    """The in-app camera, the only source of photos (rule L5)."""

    async def shoot(self) -> bytes:
        """One still as encoded image bytes, in memory alone. Raises Refused: "camera_denied",
        "camera_busy", "no_camera"."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """The texts of the system's own dialogue that asks for a finger or a face."""

    title: str
    reason: str
    cancel: str


class Biometrics(Protocol):
    """The phone's own check of finger or face. What it compares never leaves the system."""

    async def offered(self) -> bool:
        """Whether the phone can check and has somebody enrolled. Never raises; takes at most some
        seconds."""
        ...

    async def recognised(self, question: Question) -> bool:
        """Whether the system recognised who answered its dialogue within a minute. Never raises."""
        ...


class Battery(Protocol):
    """The phone's battery."""

    async def charge(self) -> int | None:
        """Percent (0 to 100); None where the platform does not say. Never raises; takes at most
        some seconds."""
        ...


class Clock(Protocol):
    """Time and randomness, so that tests can own them."""

    def now(self) -> datetime:
        """An aware time with the phone's own offset, to the whole second."""
        ...

    def entropy(self, size: int) -> bytes:
        """`size` bytes fit for keys and ids: nobody can predict them."""
        ...
