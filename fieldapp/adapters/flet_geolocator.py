"""The position, by flet-geolocator: one shot, no stream, no background (rule L8)."""

import asyncio
import logging

import flet_geolocator as fg
from flet import Duration

from fieldapp.adapters.system_clock import SystemClock
from fieldapp.ports import Clock, FixOutcome, Sighting
from fieldapp.report.position import is_current, read_fix

REFUSALS = {fg.GeolocatorPermissionStatus.DENIED, fg.GeolocatorPermissionStatus.DENIED_FOREVER}
SPARE_S = 0.5  # the plugin's own limit is so much shorter than ours
LOG = logging.getLogger(__name__)


class FletLocator:
    """Port Locator. Holds its service in a field: flet unregisters one that nothing refers to."""

    clock: Clock = SystemClock()

    def __init__(self) -> None:
        self._service = fg.Geolocator()

    async def locate(self, seconds: float = 20) -> Sighting:
        try:
            async with asyncio.timeout(seconds):
                return await self._locate(max(0.0, seconds - SPARE_S))
        except TimeoutError:
            return Sighting(FixOutcome.TIMED_OUT)
        except Exception as error:  # whatever a plugin raises, it has no position for us
            LOG.warning("no position: %s", type(error).__name__)
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
        return self._sighting(position)

    def _sighting(self, position: object) -> Sighting:
        """Android and browsers promise WGS-84; neither says which provider a fix came from."""
        fix = read_fix(
            {
                "lat": getattr(position, "latitude", None),
                "lon": getattr(position, "longitude", None),
                "accuracy_m": getattr(position, "accuracy", None),
                "mock": getattr(position, "mocked", None),
                "at": getattr(position, "timestamp", None),
            }
        )
        if fix is None:
            return Sighting(FixOutcome.UNAVAILABLE)
        if not is_current(fix, self.clock.now()):
            return Sighting(FixOutcome.STALE)
        return Sighting(FixOutcome.FOUND, fix)


def outcome_of(error: str) -> FixOutcome:
    """By words in the plugin's error, which is a sentence; these were seen in flet 1.0.5."""
    text = error.lower()
    if "denied" in text or "permission" in text:
        return FixOutcome.DENIED
    if "timed out" in text or "timeout" in text:
        return FixOutcome.TIMED_OUT
    return FixOutcome.SWITCHED_OFF if "disabled" in text else FixOutcome.UNAVAILABLE
