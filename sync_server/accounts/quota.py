"""What one device may leave at the bureau on one day, counted in its row of the database."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from math import ceil
from typing import Any, Self

from contract.zone import ZONE
from sync_server import problems
from sync_server.settings import DailyQuota
from sync_server.store import devices
from sync_server.store.engine import Tx


@dataclass(frozen=True, slots=True)
class DayUse:
    """What a device left on one `day`: arrivals, their bytes, photos, their bytes."""

    day: str = ""
    arrivals: int = 0
    bytes: int = 0
    photos: int = 0
    photo_bytes: int = 0

    @classmethod
    def of(cls, row: Any) -> Self:
        """As the device's row says."""
        used = (row.used_arrivals, row.used_bytes, row.used_photos, row.used_photo_bytes)
        return cls(row.used_on, *used)

    def today(self, now: datetime) -> "DayUse":
        """This, or nothing yet if it is of another day."""
        day = day_of(now)
        return self if self.day == day else DayUse(day)

    def with_arrival(self, size: int) -> Self:
        return replace(self, arrivals=self.arrivals + 1, bytes=self.bytes + size)

    def with_photo(self, size: int) -> Self:
        return replace(self, photos=self.photos + 1, photo_bytes=self.photo_bytes + size)

    def has_room_for_arrival(self, size: int, quota: DailyQuota) -> bool:
        return self.arrivals < quota.arrivals and self.bytes + size <= quota.bytes

    def has_room_for_photo(self, size: int, quota: DailyQuota) -> bool:
        return self.photos < quota.photos and self.photo_bytes + size <= quota.photo_bytes

    def columns(self) -> dict[str, Any]:
        """As `devices.add_calls` stores it."""
        return {
            "used_on": self.day,
            "used_arrivals": self.arrivals,
            "used_bytes": self.bytes,
            "used_photos": self.photos,
            "used_photo_bytes": self.photo_bytes,
        }


UNUSED = DayUse()


def day_of(now: datetime) -> str:
    """The day in China: 2026-11-20."""
    return now.astimezone(ZONE).date().isoformat()


def next_day(now: datetime) -> datetime:
    """When the next day begins: from then on there is room again."""
    tomorrow = now.astimezone(ZONE).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), ZONE)


def quota_used(now: datetime) -> problems.QuotaUsed:
    return problems.QuotaUsed(retry_after=ceil((next_day(now) - now).total_seconds()))


def add(tx: Tx, more: Mapping[str, DayUse]) -> None:
    """Adds this to what these devices used on its day; what is of another day counts no more."""
    devices.add_use(tx, {device: use.columns() for device, use in more.items()})
