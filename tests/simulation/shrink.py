"""A long schedule that breaks an invariant becomes a short one that breaks the same."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tests.simulation.plan import Plan, Step
from tests.simulation.run import Came

MOST_RUNS = 400


def shrunk(came: Came, run: Callable[[Plan], Came]) -> Came:
    """The smallest found: steps are left out in ever smaller pieces, then faults one by one."""
    best, runs = came, 0

    def breaks(steps: Sequence[Step]) -> bool:
        nonlocal best, runs
        runs += 1
        if runs > MOST_RUNS:
            return False
        tried = run(replace(best.plan, steps=tuple(steps)))
        same = bool(tried.broken and came.broken and tried.broken.law == came.broken.law)
        best = tried if same else best
        return same

    size = len(best.plan.steps) // 2
    while size:
        at = 0
        while at < len(best.plan.steps):
            steps = best.plan.steps
            if not breaks(steps[:at] + steps[at + size :]):
                at += size
        size //= 2
    for n, step in enumerate(best.plan.steps):
        for simpler in _simpler(step):
            steps = best.plan.steps
            breaks((*steps[:n], simpler, *steps[n + 1 :]))
    return best


def _simpler(step: Step) -> list[Step]:
    """The same deed with less trouble."""
    fewer = [replace(step, troubles=(one,)) for one in step.troubles if len(step.troubles) > 1]
    if step.troubles:
        fewer.append(replace(step, troubles=()))
    if step.death:
        fewer.append(replace(step, death=None))
    return fewer
