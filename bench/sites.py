"""How well many reports become one site, side by side with other ways: python -m bench.sites

Towns are invented (`bench/towns.py`), the truth is known, seeds are fixed: 1 to 3 for fitting the
weights of `sync_server/domain/site_evidence.py` (`--fit` prints them), the others for measuring.
`--matching` measures what one arrival costs in a database of so many records. Splink 5 takes part
where it is installed (`pip install splink`); it is in no lock.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import exp, log
from pprint import pprint
from time import process_time

from bench import near, site_matching
from bench.clusters import Score, score
from bench.tables import machine, table, verdict
from bench.towns import Told, Town, town
from contract.address import Door
from sync_server.domain import site_evidence as evidence
from sync_server.domain.gazetteer import Gazetteer
from sync_server.domain.located import Located, locate
from sync_server.domain.site_evidence import Clues, SiteFacts
from sync_server.domain.site_key import SiteKey, forks, own_site_id, site_id, site_key
from sync_server.sites.gazetteer import gazetteer_of

TRAINING, MEASURING = (1, 2, 3), 11
HEAD = ("way", "precision", "recall", "wrong pairs", "doors that met", "B-cubed F1", "s")
Labels = Sequence[Hashable]


@dataclass(frozen=True, slots=True)
class Read:
    """What the server makes of one report."""

    told: Told
    located: Located
    key: SiteKey
    clues: Clues


@dataclass(frozen=True, slots=True)
class Suggested:
    """Of a report without a key: the likeliest site, and the door that most of its reports are
    of."""

    report: int
    site: str
    spot: int
    probability: float


def main() -> None:
    asked = _asked()
    if asked.fit:
        return _fit(asked.reports[0])
    print(machine(), flush=True)
    for seed, reports in () if asked.matching else product(asked.seeds, asked.reports):
        _measured(seed, reports, asked.splink)
    if asked.matching:
        site_matching.measured(asked.reports, asked.engines)
    return None


def read(of: Town) -> list[Read]:
    """As on arrival: nothing but the report and the bureau's lists."""
    known = gazetteer_of(of.compounds)
    return [_read(told, known) for told in of.told]


def linked(reads: Sequence[Read]) -> list[str]:
    """The site of each report, by the key alone."""
    firms = defaultdict[tuple[str, str], set[str]](set)
    for each in reads:
        firms[each.key.area, each.key.door].add(each.key.firm)
    parted = {door: forks(named) for door, named in firms.items()}
    return [_site(each, parted[each.key.area, each.key.door]) for each in reads]


def suggested(reads: Sequence[Read], labels: Sequence[str]) -> list[Suggested]:
    """The likeliest site for each report without a key, if it is likely enough."""
    found = []
    for n, sites in _choices(reads, labels):
        ranked = evidence.candidates(reads[n].clues, [facts for facts, _ in sites])
        if ranked and ranked[0].probability >= evidence.LIKELY:
            spot = next(spot for facts, spot in sites if facts.site == ranked[0].site)
            found.append(Suggested(n, ranked[0].site, spot, ranked[0].probability))
    return found


def _read(told: Told, known: Gazetteer) -> Read:
    located = locate(told.report.place, known)
    key = site_key(told.report, located, known)
    return Read(told, located, key, evidence.clues(told.report, located))


def _site(each: Read, fork_of: Mapping[str, str]) -> str:
    if not each.key.door:
        return own_site_id(str(each.told.report.id), each.key.area)
    fork = fork_of[each.key.firm] if each.key.compares_firms else ""
    return site_id(each.key.area, each.key.door, fork)


def _choices(
    reads: Sequence[Read], labels: Sequence[str]
) -> list[tuple[int, list[tuple[SiteFacts, int]]]]:
    """For each report without a key the sites of its area, each with the door that it mostly is."""
    members = defaultdict[str, list[int]](list)
    for n, label in enumerate(labels):
        if reads[n].key.door:
            members[label].append(n)
    of_area = defaultdict[str, list[tuple[SiteFacts, int]]](list)
    for label, several in members.items():
        facts = evidence.facts(label, [reads[n].clues for n in several])
        [(spot, _)] = Counter(reads[n].told.spot for n in several).most_common(1)
        of_area[reads[several[0]].key.area].append((facts, spot))
    loose = [n for n, each in enumerate(reads) if not each.key.door]
    return [(n, of_area.get(reads[n].key.area, [])) for n in loose]


def _measured(seed: int, reports: int, with_splink: bool) -> None:
    there = town(seed, reports)
    truth = [each.spot for each in there.told]
    print(f"\nSeed {seed}: {len(truth):,} reports of {len(set(truth)):,} doors", flush=True)
    begun = process_time()
    reads = read(there)
    labels = linked(reads)
    took = process_time() - begun
    rows = [_row("by the key", score(labels, truth), took)]
    offers = suggested(reads, labels)
    accepted = list(labels)
    for one in offers:
        accepted[one.report] = one.site
    rows.append(_row("and the top suggestions accepted", score(accepted, truth), took))
    best = 0.0
    for name, way in _others(there, with_splink):
        begun = process_time()
        found = score(way(), truth)
        best = max(best, found.bcubed)
        rows.append(_row(name, found, process_time() - begun))
    print(table(HEAD, rows), flush=True)
    print(table(("bar", "wanted", "found", ""), _bars(reads, labels, accepted, offers, best)))


def _row(name: str, found: Score, took: float) -> list[str]:
    said = [f"{found.precision:.5f}", f"{found.recall:.4f}", f"{found.wrong_pairs:,}"]
    return [name, *said, f"{found.doors:,}", f"{found.bcubed:.4f}", f"{took:.1f}"]


def _others(there: Town, with_splink: bool) -> list[tuple[str, Callable[[], Labels]]]:
    points = near.points([each.report.fix for each in there.told])
    ways: list[tuple[str, Callable[[], Labels]]] = [
        ("radius of 50 m", lambda: near.by_radius(points, 50)),
        ("radius of 250 m", lambda: near.by_radius(points, 250)),
        ("DBSCAN, 8 m, 3 points", lambda: near.by_density(points, 8)),
        ("exact fields", lambda: [_exact(n, each) for n, each in enumerate(there.told)]),
    ]
    if with_splink:
        from bench.splink_baseline import by_splink

        ways.append(("Splink 5, from .9", lambda: by_splink(there, 0.9)))
        ways.append(("Splink 5, from .95", lambda: by_splink(there, 0.95)))
    return ways


def _exact(n: int, told: Told) -> Hashable:
    place = told.report.place
    door = (place.compound, place.building, place.unit, place.room)
    return door if place.compound and place.building else n


def _bars(
    reads: Sequence[Read],
    labels: Sequence[str],
    accepted: Sequence[str],
    offers: Sequence[Suggested],
    best: float,
) -> list[list[str]]:
    truth = [each.told.spot for each in reads]
    whole = [n for n, each in enumerate(reads) if each.told.is_whole]
    named = [n for n, each in enumerate(reads) if not each.told.is_elsewhere]
    by_key = score(labels, truth)
    recall = score([labels[n] for n in whole], [truth[n] for n in whole]).recall
    met = score([labels[n] for n in named], [truth[n] for n in named]).doors
    right = sum(truth[one.report] == one.spot for one in offers)
    loose = sum(not each.key.door for each in reads)
    top = right / len(offers) if offers else 0.0
    final = score(accepted, truth).bcubed
    return [
        [
            "precision of linked pairs",
            "≥ .9995",
            f"{by_key.precision:.5f}",
            _is(by_key.precision >= 0.9995),
        ],
        ["doors that met", "0", f"{by_key.doors}", _is(by_key.doors == 0)],
        ["… without reports that name a neighbouring compound", "0", f"{met}", _is(met == 0)],
        ["recall where the whole door is named", "≥ .95", f"{recall:.4f}", _is(recall >= 0.95)],
        ["B-cubed F1, suggestions accepted", f"≥ {best:.4f}", f"{final:.4f}", _is(final >= best)],
        ["precision of the top suggestion", "≥ .9", f"{top:.3f}", _is(top >= 0.9)],
        ["suggestions for reports without a key", "", f"{len(offers):,} of {loose:,}", ""],
    ]


def _is(met: bool) -> str:
    return verdict(met)


def _fit(reports: int) -> None:
    """Prints the weights: how often a reason is seen with the right site against the others."""
    same, other = Counter[str](), Counter[str]()
    cases: list[tuple[list[tuple[tuple[str, ...], int, bool]]]] = []
    doors_same, doors_other = Counter[str](), Counter[str]()
    for seed in TRAINING:
        reads = read(town(seed, reports))
        labels = linked(reads)
        for n, sites in _choices(reads, labels):
            case = []
            for facts, spot in sites:
                codes = evidence.reasons(reads[n].clues, facts)
                if codes is None:
                    continue
                is_right = spot == reads[n].told.spot
                (same if is_right else other).update(codes)
                case.append((codes, facts.reports, is_right))
            cases.append((case,))
        _count_parts(reads, doors_same, doors_other)
    rights = same["rest"] + same["no_rest"]
    wrongs = other["rest"] + other["no_rest"]
    weights = {
        code: round(log((same[code] + 1) / (rights + 2) * (wrongs + 2) / (other[code] + 1)), 2)
        for code in sorted(same.keys() | other.keys())
    }
    weights |= _key_weights(doors_same, doors_other)
    pprint(weights)
    _calibrate([case for (case,) in cases], weights)


def _count_parts(reads: Sequence[Read], same: Counter[str], other: Counter[str]) -> None:
    """Pairs of one door and of chance, and in how many each part is equal."""
    for one, two in zip(reads, [*reads[7:], *reads[:7]], strict=True):
        other["pairs"] += 1
        other.update(_equal(one, two))
    by_spot = defaultdict[int, list[Read]](list)
    for each in reads:
        by_spot[each.told.spot].append(each)
    for several in by_spot.values():
        for one, two in pairwise(several):
            same["pairs"] += 1
            same.update(_equal(one, two))


def _equal(one: Read, two: Read) -> list[str]:
    parts = [
        p
        for p in Door.__slots__
        if (a := getattr(one.located.door, p)) and a == getattr(two.located.door, p)
    ]
    if one.key.area == two.key.area:
        parts.append("area" if one.key.area.startswith("~") else "compound")
    return parts


def _key_weights(same: Counter[str], other: Counter[str]) -> dict[str, float]:
    def weight(code: str) -> float:
        chance = (other[code] + 1) / (other["pairs"] + 2)
        return round(log((same[code] + 1) / (same["pairs"] + 2) / chance), 2)

    return {f"key_{code}": weight(code) for code in ("compound", "area", *Door.__slots__)}


def _calibrate(
    cases: Sequence[list[tuple[tuple[str, ...], int, bool]]], weights: Mapping[str, float]
) -> None:
    """Which weight of "none of these" fits best, and how sure a suggestion must be for 9 of 10."""
    scored = [
        [(sum(weights[code] for code in codes) + log(n), is_right) for codes, n, is_right in case]
        for case in cases
    ]

    def likelihood(new: float) -> float:
        total = 0.0
        for case in scored:
            whole = exp(new) + sum(exp(w) for w, _ in case)
            total += log((sum(exp(w) for w, right in case if right) or exp(new)) / whole)
        return total

    new = max((n / 4 for n in range(-16, 40)), key=likelihood)
    tops = []
    for case in scored:
        if case:
            whole = exp(new) + sum(exp(w) for w, _ in case)
            top, is_right = max(case)
            tops.append((exp(top) / whole, is_right))
    print(f"NEW = {new}")
    for least in (0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9):
        shown = [right for p, right in tops if p >= least]
        print(least, len(shown), len(tops), f"{sum(shown) / max(1, len(shown)):.3f}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.sites", description=__doc__)
    parser.add_argument("--reports", type=int, nargs="+", default=[1_000, 20_000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[MEASURING])
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--splink", action="store_true")
    parser.add_argument("--matching", action="store_true")
    parser.add_argument("--engines", nargs="+", default=["sqlite"], choices=["sqlite", "postgres"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
