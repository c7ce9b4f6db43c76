"""Times as people say them: 12 minutes ago, today 17:20, 3月5日 09:10."""

from datetime import date, datetime, timedelta

from fieldapp.ui.words import Speak

HOUR = timedelta(hours=1)


def ago(say: Speak, at: datetime, now: datetime) -> str:
    """How long since; beyond an hour, and by a clock that has jumped back, when it was."""
    past = now - at
    if not timedelta(0) <= past < HOUR:
        return when(say, at, now)
    minutes = past // timedelta(minutes=1)
    return say("ago.minutes", n=minutes) if minutes else say("now")


def when(say: Speak, at: datetime, now: datetime) -> str:
    here = at.astimezone(now.tzinfo)
    clock = f"{here:%H:%M}"
    if here.date() == now.date():
        return say("today", time=clock)
    if here.date() == (now - timedelta(days=1)).date():
        return say("yesterday", time=clock)
    return say("day", month=here.month, day=here.day, time=clock)


def day(say: Speak, at: date) -> str:
    """A day of about now."""
    return say("lists.day", month=at.month, day=at.day)


def dated(say: Speak, at: date) -> str:
    """A day that may be years ago."""
    return say("lists.date", year=at.year, month=at.month, day=at.day)
