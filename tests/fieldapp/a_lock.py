"""A phone with a PIN, and what one does at its lock."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flet as ft

from contract import wire
from fieldapp.app import on_lifecycle
from fieldapp.device.pin import KEPT, Pin
from tests.fieldapp.a_phone import Phone
from tests.fieldapp.headless import Headless

PIN, OTHER = "2468", "1357"


def locked(folder: Path, **changes: Any) -> Phone:
    phone = Phone(folder)
    pin = Pin.of(PIN, b"salt").changed(**changes)
    phone.safe.keep(KEPT, wire.encode(pin).decode())
    return phone


async def enter(app: Headless, digits: str) -> None:
    for digit in digits:
        await app.tap(f"digit-{digit}")
    await app.settle(60)


def kept(phone: Phone) -> Pin | None:
    text = phone.safe.kept(KEPT)
    return wire.decode(Pin, text.encode()) if text else None


async def gone(phone: Phone, **away: float) -> None:
    wake: Any = on_lifecycle(phone.state)
    await wake(SimpleNamespace(state=ft.AppLifecycleState.HIDE))
    await wake(SimpleNamespace(state=ft.AppLifecycleState.PAUSE))
    phone.hands.now += timedelta(**away)
    await wake(SimpleNamespace(state=ft.AppLifecycleState.RESUME))
