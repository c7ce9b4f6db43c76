"""The bureau's time zone, in which both programs tell the time wherever they run."""

from datetime import datetime, timedelta, timezone, tzinfo

CHINA = timezone(timedelta(hours=8))  # one zone, and no summer time since 1991


class BureauZone(tzinfo):
    """UTC+8 until the program was told another one. A program serves one bureau, so it has one."""

    def __init__(self) -> None:
        self._zone: tzinfo = CHINA

    def set_to(self, zone: tzinfo) -> None:
        """From now on; times that were made before are the same moments."""
        self._zone = zone

    def utcoffset(self, at: datetime | None) -> timedelta | None:
        return self._zone.utcoffset(at)

    def dst(self, at: datetime | None) -> timedelta | None:
        return self._zone.dst(at)

    def tzname(self, at: datetime | None) -> str | None:
        return self._zone.tzname(at)

    def fromutc(self, at: datetime) -> datetime:
        return self._zone.fromutc(at.replace(tzinfo=self._zone)).replace(tzinfo=self)

    def minutes_at(self, now: datetime) -> int:
        """How far its clocks are ahead of UTC at this moment."""
        ahead = now.astimezone(self).utcoffset() or timedelta()
        return int(ahead.total_seconds() // 60)


ZONE = BureauZone()
