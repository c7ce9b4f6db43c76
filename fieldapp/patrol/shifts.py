"""What the clock and the sun say of a patrol: its shift, its key period, when to end it."""

from datetime import datetime, time

from astral import Observer
from astral.sun import sunset

from contract.patrol import Patrol
from contract.reference import Places

DAY_BEGINS = time(6, 0)
DARK = time(17, 30)  # where the sun is unknown: a winter's evening here
END_PROPOSED, SILENCE = time(21, 30), time(22, 0)  # no reminder from then until DAY_BEGINS
WEEKEND = (5, 6)  # of `datetime.weekday()`
AFTER_CLASS = time(16, 0)
TERM = (3, 4, 5, 6, 9, 10, 11, 12)  # months without a long vacation: those are fixed by decree


def middle(places: Places) -> tuple[float, float] | None:
    """About where the bureau's ground lies: degrees of latitude and longitude, WGS-84."""
    found = [(c.lat, c.lon) for c in places.compounds if c.lat is not None and c.lon is not None]
    if not found:
        return None
    return sum(lat for lat, _ in found) / len(found), sum(lon for _, lon in found) / len(found)


def shift(at: datetime, where: tuple[float, float] | None = None) -> str:
    """NIGHT from sunset on, else DAY. A proposal: the worker or the plan may say otherwise."""
    return "DAY" if DAY_BEGINS <= at.time() < _dark(at, where) else "NIGHT"


def key_period(at: datetime) -> str | None:
    """As far as a calendar tells it; holidays and vacations are the plan's to say."""
    if at.weekday() in WEEKEND:
        return "WEEKEND"
    if at.month not in TERM:
        return None
    return "SCHOOL_NIGHT" if at.time() >= AFTER_CLASS else "NORMAL"


def should_end(patrol: Patrol, now: datetime) -> bool:
    """Whether to propose the end: in the last half hour before the silence, and for a patrol that
    was forgotten last night from morning on. Never in the silence (docs/rules.md, "The worker's
    day")."""
    if not DAY_BEGINS <= now.time() < SILENCE:
        return False
    morning = now.replace(hour=DAY_BEGINS.hour, minute=0, second=0, microsecond=0)
    return now.time() >= END_PROPOSED or patrol.started_at < morning


def _dark(at: datetime, where: tuple[float, float] | None) -> time:
    if where is None or at.tzinfo is None:
        return DARK
    try:
        return sunset(Observer(*where), at.date(), tzinfo=at.tzinfo).time()
    except ValueError:  # a midsummer or a midwinter of the far north
        return DARK
