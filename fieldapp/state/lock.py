"""The app lock. It is apart from the rest of the state: its changes render its own screen alone."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import flet as ft

from contract import wire
from fieldapp.device.pin import DIGITS, KEPT, Pin, SlowHash, slow_hash
from fieldapp.ports import Biometrics, Question, Safe
from fieldapp.ports.background import in_background

SALT = 16


@dataclass(eq=False)
class Lock(ft.Observable):
    """`shut` alone hides the screens. `step` is how far one is in setting a PIN."""

    pin: Pin | None = None
    shut: bool = False
    typed: str = ""
    outcome: str = ""  # the code of a sentence about the last try
    wait: int = 0  # seconds until the next one
    forgotten: bool = False
    step: str = ""  # old, off, new, again
    safe: Safe | None = None
    biometrics: Biometrics | None = None
    can_recognise: bool = False  # this phone can look for a finger or a face
    salt: bytes = b""
    slow_hash: SlowHash = slow_hash
    helping: bool = False  # the card with the numbers to call stands before the lock
    uptime: Callable[[], float] = lambda: 0.0  # seconds since the phone was switched on
    _first: str = ""
    _away_since: datetime | None = None
    _recognising: bool = False
    _countdown: asyncio.Task[None] | None = None
    _checking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def open(self, safe: Safe | None, biometrics: Biometrics | None = None) -> None:
        """The app starts: shut wherever there is a PIN; a pause goes on. Raises OSError."""
        self.safe, self.biometrics = safe, biometrics
        kept = await safe.get(KEPT) if safe else None
        self.pin = wire.decode(Pin, kept.encode()) if kept else None
        self.shut = self.pin is not None
        await self._count_from_here()
        self._start_pause()

    def leave(self, now: datetime) -> None:
        """The app goes into the background."""
        self._away_since = self._away_since or now

    def come_back(self, now: datetime, minutes: int) -> None:
        """Shut when it was away for so long, or when the clock was put back meanwhile."""
        left, self._away_since = self._away_since, None
        if self.pin and left and not left <= now < left + timedelta(minutes=minutes):
            self.shut, self.typed, self.step, self.outcome = True, "", "", ""

    def ask(self, step: str) -> None:
        """Begins to set, change or take off the PIN; "" ends that. An old PIN is asked first."""
        self.typed, self.outcome, self._first, self.step = "", "", "", step

    def call_for_help(self, on: bool = True) -> None:
        """Shows the numbers to call without the PIN, or the lock again."""
        self.helping = on

    def forget(self, on: bool = True) -> None:
        self.forgotten = on

    def erase(self) -> None:
        self.typed = self.typed[:-1]

    async def press(self, digit: str) -> None:
        if self.wait or self._checking.locked() or len(self.typed) >= DIGITS:
            return
        self.typed += digit
        if len(self.typed) == DIGITS:
            async with self._checking:
                await self._on_four_digits(self.typed)
            self.typed = ""

    async def find_out(self) -> None:
        """Finds out whether this phone knows a finger or a face."""
        self.can_recognise = bool(self.biometrics and await self.biometrics.offered())

    async def recognise(self, question: Question) -> None:
        """Opens by a finger or a face that the phone knows, where the worker has chosen that."""
        if not (self.pin and self.pin.biometrics):
            return
        known = await self._recognised(question)
        if self.shut and known:  # else the PIN was faster
            self.shut, self.wait, self.typed, self.outcome = False, 0, "", ""
            await self._change(wrong=0)
        elif self.shut and known is False:
            self.outcome = "lock.unknown"

    async def trust(self, question: Question) -> None:
        """From now on a finger or a face opens the lock; it is tried once before."""
        known = await self._recognised(question)
        if known is not None:
            self.outcome = "" if known else "lock.unknown"
        if known:
            await self._change(biometrics=True)

    async def distrust(self) -> None:
        """Only the PIN opens the lock."""
        await self._change(biometrics=False)

    async def release(self) -> None:
        """Takes the PIN off after a new enrolment: the bureau knows to whom it gave the code."""
        await self._keep(None)
        self.shut, self.forgotten, self.wait, self.outcome = False, False, 0, ""

    async def _on_four_digits(self, digits: str) -> None:
        try:
            await self._step(digits)
        except OSError:
            self.outcome = "why.safe_shut"

    async def _step(self, digits: str) -> None:
        if self.shut:
            self.shut = not await self._fits(digits)
        elif self.step == "new":
            self._first, self.step, self.outcome = digits, "again", ""
        elif self.step == "again" and digits != self._first:
            self.step, self.outcome = "new", "lock.differ"
        elif self.step == "again":
            pin = await in_background(Pin.of, digits, self.salt, self.slow_hash)
            await self._keep(pin.changed(biometrics=bool(self.pin and self.pin.biometrics)))
            self.step, self.outcome = "", "lock.done"
        elif await self._fits(digits):
            await self._old_pin_given()

    async def _old_pin_given(self) -> None:
        """The old PIN was right: it is taken off, or a new one is asked."""
        if self.step == "off":
            await self._keep(None)
            self.step, self.outcome = "", "lock.gone"
        else:
            self.step = "new"

    async def _fits(self, digits: str) -> bool:
        """The try is counted before it is checked: killing the app at the answer gains no try."""
        pin = self.pin
        if not pin:
            return True
        await self._keep(pin.changed(wrong=pin.wrong + 1, tried=self.uptime()))
        if await in_background(pin.fits, digits, self.slow_hash):
            await self._keep(pin.changed(wrong=0))
            self.outcome = ""
            return True
        self.outcome = "lock.wrong"
        self._start_pause()
        return False

    async def _recognised(self, question: Question) -> bool | None:
        """None if the phone cannot look or is looking already. A PIN can be typed meanwhile."""
        if self._recognising or not self.biometrics:
            return None
        self._recognising = True
        try:
            return await self.biometrics.recognised(question)
        finally:
            self._recognising = False

    async def _change(self, **changes: Any) -> None:
        try:
            if self.pin and self.pin != (pin := self.pin.changed(**changes)):
                await self._keep(pin)
        except OSError:
            self.outcome = "why.safe_shut"

    async def _keep(self, pin: Pin | None) -> None:
        if self.safe:
            await self.safe.put(KEPT, wire.encode(pin).decode() if pin else None)
        self.pin = pin

    async def _count_from_here(self) -> None:
        """After the phone was switched off, a pause begins once more, and only once."""
        pin, now = self.pin, self.uptime()
        if pin and pin.wrong and (pin.tried is None or now < pin.tried):
            await self._keep(pin.changed(tried=now))

    def _start_pause(self) -> None:
        self.wait = self.pin.pause(self.uptime()) if self.pin else 0
        if self.wait:
            self._countdown = asyncio.create_task(self._count_down())

    async def _count_down(self) -> None:
        """By the phone's own seconds: those that it slept have passed as well."""
        while self.wait:
            await asyncio.sleep(1)
            left = self.pin.pause(self.uptime()) if self.pin else 0
            self.wait = min(left, self.wait)
