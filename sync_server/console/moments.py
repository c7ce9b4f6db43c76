"""Times as an officer says them, and exactly as they were."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sync_server.console.words import Say

CHINA = timezone(timedelta(hours=8))  # one zone, no summer time since 1991
SKEW_WORTH_SAYING = 300  # seconds


@dataclass(frozen=True, slots=True)
class Moment:
    """`near` for the eye, `exact` on hover and in print, `iso` for programs."""

    near: str
    exact: str
    iso: str


def moment(at: datetime, now: datetime, say: Say) -> Moment:
    here = at.astimezone(CHINA)
    return Moment(_near(here, now.astimezone(CHINA), say), exactly(at), here.isoformat())


def exactly(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def lasting(seconds: int, say: Say) -> str:
    minutes = round(abs(seconds) / 60)
    if minutes >= 48 * 60:
        return say("when.days", d=minutes // (24 * 60))
    if minutes >= 60:
        return say("when.hours", h=minutes // 60, m=minutes % 60)
    return say("when.minutes", m=minutes)


def days_ago(now: datetime, days: int) -> datetime:
    """The midnight that begins the last `days` days, today among them."""
    today = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days - 1)


def _near(here: datetime, now: datetime, say: Say) -> str:
    clock = here.strftime("%H:%M")
    days = (now.date() - here.date()).days
    if days == 0:
        return say("when.today", time=clock)
    if days == 1:
        return say("when.yesterday", time=clock)
    return here.strftime("%m-%d %H:%M" if here.year == now.year else "%Y-%m-%d %H:%M")
