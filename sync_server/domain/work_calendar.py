"""Working days: weekends and holidays off, but for the days that are worked instead (调休)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from contract import wire

SATURDAY = 5
WARN_MONTH = 12  # from the first of December on, next year's list is missed
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not what its weekday says: `works` on a weekend, or does not on a weekday (or
    on a weekend that belongs to a holiday); `name` is the holiday's."""

    day: date
    works: bool
    name: str


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The special days of the `years` that are known; in other years only weekends are off."""

    special: Mapping[date, SpecialDay]
    years: frozenset[int]

    @classmethod
    def of(cls, days: Iterable[SpecialDay]) -> "WorkCalendar":
        """A year is known if one of its days is."""
        special = {one.day: one for one in days}
        return cls(MappingProxyType(special), frozenset(day.year for day in special))

    def with_days(self, days: Iterable[SpecialDay]) -> "WorkCalendar":
        """With the days of other lists, which replace those of the same years."""
        new = WorkCalendar.of(days)
        kept = {day: one for day, one in self.special.items() if day.year not in new.years}
        return WorkCalendar(MappingProxyType(kept | dict(new.special)), self.years | new.years)

    def works(self, day: date) -> bool:
        """Whether the office works on this day."""
        found = self.special.get(day)
        return found.works if found else day.weekday() < SATURDAY

    def holiday(self, day: date) -> str:
        """The name of the holiday that this day belongs to; "" for none."""
        found = self.special.get(day)
        return found.name if found and not found.works else ""

    def knows(self, day: date) -> bool:
        """Whether the holidays of this day's year are known."""
        return day.year in self.years

    def working_days_after(self, day: date) -> Iterator[date]:
        """The working days after this one, without end but that of the calendar."""
        while day < date.max:
            day += _DAY
            if self.works(day):
                yield day

    def misses_next_year(self, today: date) -> bool:
        """Whether it is time to ask for next year's list, or this year's is not known either."""
        wanted = today.year + (today.month >= WARN_MONTH)
        return wanted not in self.years


@cache
def published() -> WorkCalendar:
    """The days that this program was shipped with: the State Council's arrangement for 2026 (国务院
    办公厅关于2026年部分节假日安排的通知, 4 November 2025)."""
    text = files("sync_server.domain").joinpath("holidays.json").read_bytes()
    rows = wire.parse_json(text)
    days = (SpecialDay(date.fromisoformat(row["day"]), row["works"], row["name"]) for row in rows)
    return WorkCalendar.of(days)
