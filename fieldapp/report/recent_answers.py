"""Which codes a worker chose lately: those are offered first, the others in the bureau's order."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from contract.report import Report

LOOKED_BACK = 30  # reports: about a week of work
CHOSEN: Mapping[str, Callable[[Report], Sequence[str | None]]] = {
    "sign": lambda report: report.signs,
    "disguise": lambda report: report.disguises,
    "venue": lambda report: (report.place.venue,),
}


def recent_codes(newest_first: Iterable[Report]) -> dict[str, tuple[str, ...]]:
    """For each code list of CHOSEN the codes in these reports, the last used first."""
    used: dict[str, dict[str, None]] = {name: {} for name in CHOSEN}
    for report in newest_first:
        for name, codes_of in CHOSEN.items():
            new = (code for code in codes_of(report) if code and code not in used[name])
            used[name] |= dict.fromkeys(new)
    return {name: tuple(codes) for name, codes in used.items()}


def recent_first(offered: Sequence[str], used: Sequence[str]) -> tuple[str, ...]:
    """All of `offered`: what is in `used` first, in that order, then the rest in its own."""
    first = [code for code in used if code in offered]
    return (*first, *(code for code in offered if code not in first))
