"""What a patrol is proposed to be: by the plan if there is one, else by the clock and the sun."""

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
    """Of several plans, the first one for the shift that the clock says; a plan for either shift
    leaves the shift to the clock."""
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
