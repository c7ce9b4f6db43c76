"""What people said about sites: two are the same, or not. It binds until it is taken back, and goes
before what the rules make of keys."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """SAME: `site` is the place of `other`. DIFFERENT: it is not; with a report, that this is not
    of `other`, whatever its address says."""

    SAME = "SAME"
    DIFFERENT = "DIFFERENT"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One ruling that was not taken back; `n` is its order among all of the bureau."""

    n: int
    verdict: Verdict
    site: str
    other: str
    report: str | None = None


def successors(rulings: Iterable[Ruling]) -> Mapping[str, str]:
    """The sites that were merged, each with the one that stands for it, which was not merged
    itself. In the order of the rulings: the same whenever it is made anew."""
    above: dict[str, str] = {}
    for ruling in sorted(rulings, key=lambda each: each.n):
        if ruling.verdict is Verdict.SAME:
            root, other = _root(above, ruling.site), _root(above, ruling.other)
            if root != other:
                above[root] = other
    return {site: _root(above, site) for site in above}


def contradicted(rulings: Collection[Ruling], verdict: Verdict, site: str, other: str) -> bool:
    """Whether a new ruling says the opposite of an old one: which of them is to be taken back, a
    person says."""
    merged = successors(rulings)
    new = {merged.get(site, site), merged.get(other, other)}
    if verdict is Verdict.DIFFERENT:
        return len(new) == 1
    parted: Sequence[Ruling] = [r for r in rulings if r.verdict is Verdict.DIFFERENT]
    return any({merged.get(r.site, r.site), merged.get(r.other, r.other)} == new for r in parted)


def _root(above: Mapping[str, str], site: str) -> str:
    while site in above:
        site = above[site]
    return site
