"""What the bureau takes only later: this phone has left as much there as a day allows."""

from datetime import datetime, timedelta

from fieldapp.memory.memory import Memory
from fieldapp.memory.values import Deferral
from fieldapp.ports import Clock

# The bureau counts by days. A time further away than this was noted by a clock that has jumped.
LONGEST = timedelta(hours=25)


class Deferrals:
    """By the phone's clock; kept over restarts. What waits is whole and stays where it is."""

    def __init__(self, memory: Memory, clock: Clock) -> None:
        self._memory, self._clock = memory, clock

    def pending(self) -> Deferral:
        """Until when parcels and photos wait; None for what may go now."""
        now, kept = self._clock.now(), self._memory.deferral()
        return Deferral(parcels=_ahead(kept.parcels, now), photos=_ahead(kept.photos, now))

    def defer_parcels(self, seconds: float) -> None:
        until = self._after(seconds)
        self._memory.keep_deferral(self._memory.deferral().changed(parcels=until))

    def defer_photos(self, seconds: float) -> None:
        until = self._after(seconds)
        self._memory.keep_deferral(self._memory.deferral().changed(photos=until))

    def _after(self, seconds: float) -> datetime:
        bounded = min(max(0.0, seconds), LONGEST.total_seconds())
        return self._clock.now() + timedelta(seconds=bounded)


def _ahead(until: datetime | None, now: datetime) -> datetime | None:
    return until if until and now < until <= now + LONGEST else None
