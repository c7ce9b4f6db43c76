"""What every part of the state shares: the kit, who this phone is, and how to write and to go."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import flet as ft

from fieldapp.memory.memory import Identity
from fieldapp.ports import NotebookClosed, StorageFailure
from fieldapp.ports.background import in_background
from fieldapp.state import paths
from fieldapp.state.kit import Kit
from fieldapp.ui.viewport import Viewport

Result = TypeVar("Result")
Refresh = Callable[[], Awaitable[None]]  # reads again what lists, badges and bars show
Show = Callable[[], None]  # writes what was read in a thread into its part, on the event loop


@dataclass(eq=False)
class Shell(ft.Observable):
    """The frame around all screens."""

    kit: Kit
    identity: Identity | None = None  # as the bureau knows this phone; None before its enrolment
    viewport: Viewport = field(default_factory=Viewport)
    notice: str = ""  # the code of a sentence to show once
    trail: list[str] = field(default_factory=list)  # the way from home to where one is
    storage_lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def now(self) -> datetime:
        return self.kit.clock.now()

    async def keep(self, work: Callable[[], Result]) -> Result | None:
        """Runs blocking work on notebook or album beside the event loop, one piece at a time, and
        returns its result. None where the storage fails (it is full, the notebook is in use …),
        which a notice says while the screen keeps what it shows, or where the notebook is closed
        already."""
        try:
            async with self.storage_lock:
                return await in_background(work)
        except NotebookClosed:  # the app is about to begin again, without what was here
            return None
        except StorageFailure as failure:
            self.notice = f"why.{failure.code}"
            return None

    def go(self, path: str) -> None:
        """To another screen; the notice was about the one that is left."""
        self.notice = ""
        before = self.trail[: self.trail.index(path)] if path in self.trail else self.trail
        self.trail = [path] if path == paths.HOME else [*before, path]
        self.kit.navigate(path)

    def home(self) -> None:
        self.go(paths.HOME)

    def leave(self, path: str) -> None:
        """From `path` and all below it to where one came from; one step up if that is not known."""
        before = [one for one in self.trail if not (one + "/").startswith(path + "/")]
        self.go(before[-1] if before else path.rpartition("/")[0] or paths.HOME)

    def resized(self, width: float, height: float) -> None:
        """The window has another size, in logical pixels."""
        self.viewport = self.viewport.resized(width, height)

    def scale_text(self, scale: float) -> None:
        """The worker has set the system's text size; 1 is the usual one."""
        self.viewport = self.viewport.with_text_scale(scale)


@dataclass(eq=False)
class StatePart(ft.Observable):
    """A part of the state. A component that takes it as an argument is rendered at its changes
    alone; one that uses the whole state is rendered at the changes of every part."""

    shell: Shell

    def __post_init__(self) -> None:
        # Kept: flet holds a listener weakly, and only what ends the subscription holds it strongly.
        self._unsubscribe = self.subscribe(lambda *_: self.shell.notify())  # type: ignore[no-untyped-call]  # flet ships it so

    def quietly(self, **changes: Any) -> None:
        """Sets fields without a rendering: what is being typed must not come back to its field,
        and what only the next screen shows is not drawn on the one that is left."""
        for name, value in changes.items():
            object.__setattr__(self, name, value)
