"""Times as an officer says them (今天 19:55), and exactly; all in the time of China."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contract.zone import ZONE
from sync_server.console.words import Say

SKEW_SHOWN = 300  # seconds between the clocks of phone and server that are worth a hint


@dataclass(frozen=True, slots=True)
class ShownTime:
    """A time as a page shows it: `short` on the screen, `exact` on hover and in print, `iso` for
    programs."""

    short: str
    exact: str
    iso: str


NO_TIME = ShownTime("–", "–", "")  # of what cannot be shown


def shown_time(at: datetime, now: datetime, say: Say) -> ShownTime:
    here = _in_china(at)
    return ShownTime(_short(here, now.astimezone(ZONE), say), exact_time(at), here.isoformat())


def exact_time(at: datetime) -> str:
    """Year to second."""
    return _in_china(at).strftime("%Y-%m-%d %H:%M:%S")


def duration(seconds: int, say: Say) -> str:
    """How long, in days, hours or minutes; the sign does not matter."""
    minutes = round(abs(seconds) / 60)
    if minutes >= 48 * 60:
        return say("when.days", d=minutes // (24 * 60))
    if minutes >= 60:
        return say("when.hours", h=minutes // 60, m=minutes % 60)
    return say("when.minutes", m=minutes)


def start_of_days(now: datetime, days: int) -> datetime:
    """The midnight with which the last `days` days began, today being one of them."""
    today = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days - 1)


def _in_china(at: datetime) -> datetime:
    """As it is at the ends of the calendar, where the time of China would be outside."""
    try:
        return at.astimezone(ZONE)
    except OverflowError:
        return at


def _short(here: datetime, now: datetime, say: Say) -> str:
    clock = here.strftime("%H:%M")
    days = (now.date() - here.date()).days
    if days == 0:
        return say("when.today", time=clock)
    if days == 1:
        return say("when.yesterday", time=clock)
    return here.strftime("%m-%d %H:%M" if here.year == now.year else "%Y-%m-%d %H:%M")
