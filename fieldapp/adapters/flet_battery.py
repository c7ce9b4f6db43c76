"""The battery's charge, by flet: asked now and then, never awaited for long."""

import asyncio

import flet as ft

PATIENCE_S = 3


class FletBattery:
    """Port Battery. Keeps its service: flet unregisters one that nobody holds."""

    def __init__(self) -> None:
        self._service = ft.Battery()

    async def charge(self) -> int | None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                level = await self._service.get_battery_level()
        except (RuntimeError, TimeoutError):
            return None
        return level if level is not None and 0 <= level <= 100 else None
