"""The battery's charge, by flet."""

import asyncio

import flet as ft

TIMEOUT_S = 3


class FletBattery:
    """Port Battery. Holds its service in a field: flet unregisters one that nothing refers to."""

    def __init__(self) -> None:
        self._service = ft.Battery()

    async def charge(self) -> int | None:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                level = await self._service.get_battery_level()
        except (RuntimeError, TimeoutError):
            return None
        return level if level is not None and 0 <= level <= 100 else None
