"""Proposes a patrol's form, shift and key period: by today's plan, else by clock and sun."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from contract.reference import Plan, Task
from fieldapp.patrol import shifts


@dataclass(frozen=True, slots=True)
class Proposal:
    """Codes of the lists `patrol_form`, `shift` and `key_period`."""

    form: str
    shift: str
    key_period: str | None


def propose(
    now: datetime, where: tuple[float, float] | None, plans: Iterable[Plan] = ()
) -> Proposal:
    """By the first of today's plans for the shift that the clock says, or for any shift. `where` is
    degrees of latitude and longitude (WGS-84), for the time of sunset."""
    shift = shifts.shift(now, where)
    for plan in _today(plans, now.date()):
        if plan.shift in (None, shift):
            return Proposal(plan.form, shift, plan.key_period or shifts.key_period(now))
    return Proposal("ROUTINE", shift, shifts.key_period(now))


def wanted_compounds(plans: Iterable[Plan], tasks: Iterable[Task], today: date) -> frozenset[str]:
    """The compounds that today's plans and open tasks name, by id."""
    planned = {compound for plan in _today(plans, today) for compound in plan.compounds}
    asked = {t.compound for t in tasks if t.compound and (t.due is None or today <= t.due)}
    return frozenset(planned | asked)


def _today(plans: Iterable[Plan], today: date) -> list[Plan]:
    return [plan for plan in plans if plan.first <= today <= plan.last]
