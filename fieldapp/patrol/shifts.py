"""What clock and sun propose for a patrol: its shift, its key period, when to end it."""

from datetime import datetime, time

from astral import Observer
from astral.sun import sunset

from contract.patrol import Patrol
from contract.reference import Places

DAY_BEGINS = time(6, 0)
DARK = time(17, 30)  # sunset where it cannot be computed: a winter evening in the banner
END_PROPOSED, SILENCE = time(21, 30), time(22, 0)  # no reminder from then until DAY_BEGINS
WEEKEND = (5, 6)  # of `datetime.weekday()`
AFTER_CLASS = time(16, 0)
TERM = (3, 4, 5, 6, 9, 10, 11, 12)  # months without a long vacation: those are fixed by decree


def middle(places: Places) -> tuple[float, float] | None:
    """The mean of all compounds, in degrees of latitude and longitude (WGS-84); None if no compound
    has a position."""
    found = [(c.lat, c.lon) for c in places.compounds if c.lat is not None and c.lon is not None]
    if not found:
        return None
    return sum(lat for lat, _ in found) / len(found), sum(lon for _, lon in found) / len(found)


def shift(at: datetime, where: tuple[float, float] | None = None) -> str:
    """NIGHT from sunset on, else DAY. A proposal: the worker or the plan may say otherwise."""
    return "DAY" if DAY_BEGINS <= at.time() < _sunset(at, where) else "NIGHT"


def key_period(at: datetime) -> str | None:
    """A code of the list `key_period`, as far as weekday and hour tell it; None in the months of
    the vacations. Holidays and vacations are in the bureau's plans."""
    if at.weekday() in WEEKEND:
        return "WEEKEND"
    if at.month not in TERM:
        return None
    return "SCHOOL_NIGHT" if at.time() >= AFTER_CLASS else "NORMAL"


def should_end(patrol: Patrol, now: datetime) -> bool:
    """Whether to propose to end it: in the last half hour before SILENCE, and from morning on for a
    patrol that was forgotten the night before. Never in the silence (docs/rules.md)."""
    if not DAY_BEGINS <= now.time() < SILENCE:
        return False
    morning = now.replace(hour=DAY_BEGINS.hour, minute=0, second=0, microsecond=0)
    return now.time() >= END_PROPOSED or patrol.started_at < morning


def _sunset(at: datetime, where: tuple[float, float] | None) -> time:
    if where is None or at.tzinfo is None:
        return DARK
    try:
        return sunset(Observer(*where), at.date(), tzinfo=at.tzinfo).time()
    except ValueError:  # the sun does not set or rise that day, far in the north
        return DARK
