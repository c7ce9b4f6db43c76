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
                return percent(await self._service.get_battery_level())
        except Exception:  # whatever the plugin raises: the platform does not say
            return None


def percent(level: object) -> int | None:
    """Whole percent; None for anything that is no number from 0 to 100."""
    if isinstance(level, bool) or not isinstance(level, int | float):
        return None
    return int(level) if 0 <= level <= 100 else None
