"""The app lock, apart from the rest of the state: what moves on its screen moves no other."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import flet as ft

from contract import wire
from fieldapp.device.pin import DIGITS, KEPT, Pin
from fieldapp.ports import Biometrics, Question, Safe

SALT = 16


@dataclass(eq=False)
class Lock(ft.Observable):
    """`shut` is the one thing that hides the screens. `step` is where one is in setting a PIN."""

    pin: Pin | None = None
    shut: bool = False
    typed: str = ""
    said: str = ""  # the code of a sentence about the last try
    wait: int = 0  # seconds until the next one
    forgotten: bool = False
    step: str = ""  # old, off, new, again
    safe: Safe | None = None
    biometrics: Biometrics | None = None
    looks: bool = False  # this phone can look for a finger or a face
    salt: bytes = b""
    _first: str = ""
    _left: datetime | None = None
    _looking: bool = False
    _countdown: asyncio.Task[None] | None = None
    _pen: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def open(self, safe: Safe | None, biometrics: Biometrics | None = None) -> None:
        """The app starts: shut wherever there is a PIN. Raises OSError."""
        self.safe, self.biometrics = safe, biometrics
        kept = await safe.get(KEPT) if safe else None
        self.pin = wire.decode(Pin, kept.encode()) if kept else None
        self.shut = self.pin is not None
        self._hold()

    def leave(self, now: datetime) -> None:
        """The app goes into the background."""
        self._left = self._left or now

    def come_back(self, now: datetime, minutes: int) -> None:
        """Shut when it was away for so long, or when the clock was put back meanwhile."""
        left, self._left = self._left, None
        if self.pin and left and not left <= now < left + timedelta(minutes=minutes):
            self.shut, self.typed, self.step, self.said = True, "", "", ""

    def ask(self, step: str) -> None:
        """Begins to set, change or take off the PIN; who has one says it first."""
        self.typed, self.said, self._first, self.step = "", "", "", step

    def forget(self, on: bool = True) -> None:
        self.forgotten = on

    def erase(self) -> None:
        self.typed = self.typed[:-1]

    async def press(self, digit: str) -> None:
        if self.wait or self._pen.locked() or len(self.typed) >= DIGITS:
            return
        self.typed += digit
        if len(self.typed) == DIGITS:
            async with self._pen:
                await self._entered(self.typed)
            self.typed = ""

    async def find_out(self) -> None:
        """Whether there is a finger or a face to be offered."""
        self.looks = bool(self.biometrics and await self.biometrics.offered())

    async def recognise(self, question: Question) -> None:
        """Opens to a finger or a face that the phone knows, where its worker has chosen that."""
        if not (self.pin and self.pin.biometrics):
            return
        known = await self._recognised(question)
        if self.shut and known:  # else the PIN was faster
            self.shut, self.wait, self.typed, self.said = False, 0, "", ""
            await self._noted(wrong=0)
        elif self.shut and known is False:
            self.said = "lock.unknown"

    async def trust(self, question: Question) -> None:
        """From now on a finger or a face will do; who chooses that shows it works."""
        known = await self._recognised(question)
        if known is not None:
            self.said = "" if known else "lock.unknown"
        if known:
            await self._noted(biometrics=True)

    async def distrust(self) -> None:
        """Only the PIN will do."""
        await self._noted(biometrics=False)

    async def release(self) -> None:
        """A new enrolment: the bureau knows whom it gave the code."""
        await self._keep(None)
        self.shut, self.forgotten, self.wait, self.said = False, False, 0, ""

    async def _entered(self, digits: str) -> None:
        try:
            await self._step(digits)
        except OSError:
            self.said = "why.safe_shut"

    async def _step(self, digits: str) -> None:
        if self.shut:
            self.shut = not await self._fits(digits)
        elif self.step == "new":
            self._first, self.step, self.said = digits, "again", ""
        elif self.step == "again" and digits != self._first:
            self.step, self.said = "new", "lock.differ"
        elif self.step == "again":
            pin = await asyncio.to_thread(Pin.of, digits, self.salt)
            await self._keep(pin.changed(biometrics=bool(self.pin and self.pin.biometrics)))
            self.step, self.said = "", "lock.done"
        elif await self._fits(digits):
            await self._known()

    async def _known(self) -> None:
        """Who changes the PIN or takes it off has said the one there is."""
        if self.step == "off":
            await self._keep(None)
            self.step, self.said = "", "lock.gone"
        else:
            self.step = "new"

    async def _fits(self, digits: str) -> bool:
        """Counted before it is looked at: an app killed at the answer has tried as often."""
        pin = self.pin
        if not pin:
            return True
        await self._keep(pin.changed(wrong=pin.wrong + 1))
        if await asyncio.to_thread(pin.fits, digits):
            await self._keep(pin.changed(wrong=0))
            self.said = ""
            return True
        self.said = "lock.wrong"
        self._hold()
        return False

    async def _recognised(self, question: Question) -> bool | None:
        """None where it is not asked, for it is already, or cannot look. A PIN can be typed
        meanwhile."""
        if self._looking or not self.biometrics:
            return None
        self._looking = True
        try:
            return await self.biometrics.recognised(question)
        finally:
            self._looking = False

    async def _noted(self, **changes: Any) -> None:
        try:
            if self.pin and self.pin != (pin := self.pin.changed(**changes)):
                await self._keep(pin)
        except OSError:
            self.said = "why.safe_shut"

    async def _keep(self, pin: Pin | None) -> None:
        if self.safe:
            await self.safe.put(KEPT, wire.encode(pin).decode() if pin else None)
        self.pin = pin

    def _hold(self) -> None:
        self.wait = self.pin.pause() if self.pin else 0
        if self.wait:
            self._countdown = asyncio.create_task(self._count())

    async def _count(self) -> None:
        while self.wait:
            await asyncio.sleep(1)
            self.wait = max(0, self.wait - 1)
