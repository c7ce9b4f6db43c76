"""Rule L13: whoever lives at a place is not looked at again and again for nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from contract.cases import CaseState
from sync_server.domain.case_events import CaseEvent, effective
from sync_server.domain.clocks import local_day

WITHIN_DAYS = 90
UNFOUNDED_BEFORE = 2  # so many make the next report of the place the third


@dataclass(frozen=True, slots=True)
class UnfoundedReport:
    """A report of a place that was found unfounded: on which day, and the signs that it named."""

    day: date
    signs: frozenset[str]


def is_for_supervisor(
    came: date, signs: Collection[str], before: Iterable[UnfoundedReport]
) -> bool:
    """Whether a report that `came` on this day with these signs goes to a supervisor first: it is
    the third of its place within WITHIN_DAYS days, the others were found unfounded, and it names no
    sign that none of those had. One that was found unfounded after this one came counts as well."""
    lately = [one for one in before if (came - one.day).days <= WITHIN_DAYS]
    known = frozenset().union(*(one.signs for one in lately))
    return len(lately) >= UNFOUNDED_BEFORE and known.issuperset(signs)


def unfounded_on(steps: Iterable[CaseEvent]) -> date | None:
    """The day on which a case was found unfounded, if that is its result; None if it has another
    one, none yet, or is looked at again. How the bureau rated its own work is no result."""
    moves = [one for one in effective(steps) if one.before != one.after]
    results = [one for one in moves if one.after != CaseState.RATED]
    last = results[-1] if results else None
    return local_day(last.at) if last and last.after == CaseState.UNFOUNDED else None
