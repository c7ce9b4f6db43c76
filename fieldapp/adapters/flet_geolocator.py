"""The position, by flet-geolocator: one shot, no stream, no background (rule L8)."""

import asyncio

import flet_geolocator as fg
from flet import Duration

from contract.place import DECIMALS, Fix
from fieldapp.ports import FixOutcome, Sighting

NO = {fg.GeolocatorPermissionStatus.DENIED, fg.GeolocatorPermissionStatus.DENIED_FOREVER}
SPARE = 0.5  # seconds left for our own time limit to be the one that strikes


class FletLocator:
    """Keeps its service: flet unregisters one that nobody holds."""

    def __init__(self) -> None:
        self._service = fg.Geolocator()

    async def locate(self, seconds: float = 20) -> Sighting:
        try:
            async with asyncio.timeout(seconds):
                return await self._locate(seconds - SPARE)
        except TimeoutError:
            return Sighting(FixOutcome.TIMED_OUT)
        except RuntimeError as error:
            return Sighting(outcome_of(str(error)))

    async def _locate(self, seconds: float) -> Sighting:
        allowed = await self._service.get_permission_status()
        if allowed is fg.GeolocatorPermissionStatus.DENIED:
            allowed = await self._service.request_permission()
        if allowed in NO:
            return Sighting(FixOutcome.DENIED)
        position = await self._service.get_current_position(
            fg.GeolocatorConfiguration(
                accuracy=fg.GeolocatorPositionAccuracy.BEST,
                time_limit=Duration(milliseconds=int(seconds * 1000)),
            )
        )
        return Sighting(FixOutcome.FOUND, self._fix(position))

    def _fix(self, position: fg.GeolocatorPosition) -> Fix:
        """Android and browsers both promise WGS-84; the provider they mixed it from is unknown."""
        if position.latitude is None or position.longitude is None:
            raise RuntimeError("no position")
        return Fix(
            lat=round(position.latitude, DECIMALS),
            lon=round(position.longitude, DECIMALS),
            accuracy_m=position.accuracy,
            provider="fused",
            datum="WGS84",
            mock=bool(position.mocked),
            at=position.timestamp,
        )


def outcome_of(error: str) -> FixOutcome:
    """The plugin's errors are sentences; these words in them were seen in 1.0.5."""
    said = error.lower()
    if "denied" in said or "permission" in said:
        return FixOutcome.DENIED
    if "timed out" in said or "timeout" in said:
        return FixOutcome.TIMED_OUT
    return FixOutcome.SWITCHED_OFF if "disabled" in said else FixOutcome.UNAVAILABLE
