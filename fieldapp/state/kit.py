"""The ports that the state uses, in one value."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

import flet as ft

from fieldapp.courier.progress import OnProgress, RoundResult
from fieldapp.device.pin import SlowHash, slow_hash
from fieldapp.memory.memory import Identity, Memory
from fieldapp.ports import (
    Album,
    Biometrics,
    Camera,
    Clock,
    Darkroom,
    Locator,
    Notebook,
    Refused,
    Safe,
    Scanner,
    Spotter,
)


class ViewfinderCamera(Camera, Protocol):
    """A camera with a viewfinder."""

    def view(self) -> ft.Control:
        """A new view of the one camera; a screen calls it at each rendering."""
        ...

    async def aim(self) -> None:
        """Switch the camera on, once its view is on screen, its light off. Raises Refused as
        `shoot` does."""
        ...

    async def shine(self, on: bool) -> None:
        """The light beside the lens. Raises Refused (no_torch)."""
        ...

    async def rest(self) -> None:
        """Before its screen is left: what was asked of it has been answered, or took too long."""
        ...


class CourierPort(Protocol):
    """What the state asks of the courier."""

    async def enrol(self, code: str, model: str, address: str) -> Identity:
        """Raises Offline or Refused."""
        ...

    async def round(self, *, photos: bool = True, told: OnProgress = ...) -> RoundResult:
        """Never fails: `why` says what went wrong."""
        ...


async def always_lasting() -> bool:
    return True


async def nothing_unsent() -> None:
    raise Refused("nothing_unsent")


@dataclass(frozen=True, slots=True)
class Kit:
    """The ports, and what comes from the page: navigate, set_theme, on_wifi, copy."""

    notebook: Notebook
    album: Album
    darkroom: Darkroom
    spotter: Spotter
    locator: Locator
    camera: ViewfinderCamera
    courier: CourierPort
    clock: Clock
    memory: Memory
    navigate: Callable[[str], None]
    set_theme: Callable[[str], None]
    on_wifi: Callable[[], Awaitable[bool]]
    copy: Callable[[str], Awaitable[None]]  # onto the clipboard; raises Refused
    address: str = ""
    model: str = ""
    safe: Safe | None = None
    phone_safe: Safe | None = None  # of all duty posts on this phone
    scanner: Scanner | None = None
    slow_hash: SlowHash = slow_hash
    biometrics: Biometrics | None = None
    save_unsent: Callable[[], Awaitable[None]] = nothing_unsent  # as a file; raises Refused
    lasting: Callable[[], Awaitable[bool]] = always_lasting  # see Platform
    uptime: Callable[[], float] = monotonic  # seconds since the phone was switched on
    restart: Callable[[], None] = lambda: None  # the app begins again
