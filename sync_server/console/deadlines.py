"""Until when a case has to be handled, in words that say why."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sync_server.casework.case_rules import WorkDay
from sync_server.console.words import Wording
from sync_server.domain.clocks import Deadline, local_day


@dataclass(frozen=True, slots=True)
class ShownDeadline:
    """`short` for a list; `why` explains it; `colour` is danger when it is today or over."""

    short: str
    why: str
    colour: str


def shown_deadline(found: Deadline | None, day: WorkDay, wording: Wording) -> ShownDeadline | None:
    """The deadline as of this day; None for none."""
    if found is None:
        return None
    today, say = local_day(day.now), wording.say
    task = say(f"due.clock.{found.clock}", n=found.days)
    if found.day is None:
        return ShownDeadline(say("due.stopped"), say(f"due.stopped_by.{found.stopped_by}"), "muted")
    parts = say("join.comma").join((task, *_parts(found, wording)))
    why = say("due.why", when=_when(found, found.day, wording), parts=parts)
    shown = ShownDeadline(_short(found, today, day, wording), why, "")
    return replace(shown, colour="danger") if found.day <= today else shown


def _short(found: Deadline, today: date, day: WorkDay, wording: Wording) -> str:
    last, say = found.day or today, wording.say
    if last < today:
        between = (last + timedelta(days=n) for n in range(1, (today - last).days + 1))
        return say("due.late", n=sum(map(day.calendar.works, between)) or 1)
    if last == today:
        return say("due.today")
    return say("due.tomorrow") if last - today == timedelta(days=1) else _when(found, last, wording)


def _when(found: Deadline, last: date, wording: Wording) -> str:
    code = "due.about" if found.is_about else "due.by"
    return wording.say(code, m=last.month, d=last.day)


def _parts(found: Deadline, wording: Wording) -> Iterator[str]:
    """What made it later: an extension, days that do not count, days that it stood still."""
    say = wording.say
    if found.extension:
        yield say("due.extended", n=found.extension)
    if found.weekend:
        yield say("due.weekend")
    if found.holidays:
        yield say("due.holidays", names=say("join.list").join(found.holidays))
    for why, n in found.stopped:
        yield say(f"due.stopped.{why}", n=n)
    if found.is_about and found.day:
        yield say("due.about_why", year=found.day.year)
