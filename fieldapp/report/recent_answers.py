"""Which answers a worker gave lately: those stand first on the tiles, the others in their order."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from contract.report import Report

LOOKED_BACK = 30  # reports: a week or so of work
GIVEN: Mapping[str, Callable[[Report], Sequence[str | None]]] = {
    "sign": lambda report: report.signs,
    "disguise": lambda report: report.disguises,
    "venue": lambda report: (report.place.venue,),
}


def recent_codes(newest_first: Iterable[Report]) -> dict[str, tuple[str, ...]]:
    """For each list its codes by their last use, the latest first."""
    used: dict[str, dict[str, None]] = {name: {} for name in GIVEN}
    for report in newest_first:
        for name, given in GIVEN.items():
            used[name] |= {code: None for code in given(report) if code and code not in used[name]}
    return {name: tuple(codes) for name, codes in used.items()}


def recent_first(offered: Sequence[str], used: Sequence[str]) -> tuple[str, ...]:
    """What is offered: what was used lately first, then the rest as the bureau orders it."""
    first = [code for code in used if code in offered]
    return (*first, *(code for code in offered if code not in first))
