"""Times as people say them: 12 minutes ago, today 17:20, 3月5日 09:10."""

from datetime import date, datetime, timedelta

from fieldapp.ui.words import Speak

HOUR = timedelta(hours=1)


def time_ago(say: Speak, at: datetime, now: datetime) -> str:
    """ "12 minutes ago"; the time itself beyond an hour, or when the clock was put back since."""
    past = now - at
    if not timedelta(0) <= past < HOUR:
        return when(say, at, now)
    minutes = past // timedelta(minutes=1)
    return say("ago.minutes", n=minutes) if minutes else say("now")


def when(say: Speak, at: datetime, now: datetime) -> str:
    local = at.astimezone(now.tzinfo)
    clock = f"{local:%H:%M}"
    if local.date() == now.date():
        return say("today", time=clock)
    if local.date() == (now - timedelta(days=1)).date():
        return say("yesterday", time=clock)
    return say("day", month=local.month, day=local.day, time=clock)


def day(say: Speak, at: date) -> str:
    """Month and day, for a day that is near."""
    return say("lists.day", month=at.month, day=at.day)


def dated(say: Speak, at: date) -> str:
    """With its year."""
    return say("lists.date", year=at.year, month=at.month, day=at.day)
