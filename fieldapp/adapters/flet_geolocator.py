"""The position, by flet-geolocator: one shot, no stream, no background (rule L8)."""

import asyncio

import flet_geolocator as fg
from flet import Duration

from contract.place import DECIMALS, Fix
from fieldapp.ports import FixOutcome, Sighting

REFUSALS = {fg.GeolocatorPermissionStatus.DENIED, fg.GeolocatorPermissionStatus.DENIED_FOREVER}
SPARE_S = 0.5  # the plugin's own limit is so much shorter than ours


class FletLocator:
    """Port Locator. Holds its service in a field: flet unregisters one that nothing refers to."""

    def __init__(self) -> None:
        self._service = fg.Geolocator()

    async def locate(self, seconds: float = 20) -> Sighting:
        try:
            async with asyncio.timeout(seconds):
                return await self._locate(seconds - SPARE_S)
        except TimeoutError:
            return Sighting(FixOutcome.TIMED_OUT)
        except RuntimeError as error:
            return Sighting(outcome_of(str(error)))

    async def _locate(self, seconds: float) -> Sighting:
        allowed = await self._service.get_permission_status()
        if allowed is fg.GeolocatorPermissionStatus.DENIED:
            allowed = await self._service.request_permission()
        if allowed in REFUSALS:
            return Sighting(FixOutcome.DENIED)
        position = await self._service.get_current_position(
            fg.GeolocatorConfiguration(
                accuracy=fg.GeolocatorPositionAccuracy.BEST,
                time_limit=Duration(milliseconds=int(seconds * 1000)),
            )
        )
        return Sighting(FixOutcome.FOUND, self._fix(position))

    def _fix(self, position: fg.GeolocatorPosition) -> Fix:
        """Android and browsers promise WGS-84; neither says which provider a fix came from."""
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
    """By words in the plugin's error, which is a sentence; these were seen in flet 1.0.5."""
    text = error.lower()
    if "denied" in text or "permission" in text:
        return FixOutcome.DENIED
    if "timed out" in text or "timeout" in text:
        return FixOutcome.TIMED_OUT
    return FixOutcome.SWITCHED_OFF if "disabled" in text else FixOutcome.UNAVAILABLE
