"""Times as people say them: today 17:20, 3月5日 09:10."""

from datetime import datetime, timedelta

from fieldapp.words import Speak


def when(say: Speak, at: datetime, now: datetime) -> str:
    here = at.astimezone(now.tzinfo)
    clock = f"{here:%H:%M}"
    if here.date() == now.date():
        return say("today", time=clock)
    if here.date() == (now - timedelta(days=1)).date():
        return say("yesterday", time=clock)
    return say("day", month=here.month, day=here.day, time=clock)
