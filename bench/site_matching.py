"""What the matching of one arrival costs, in a database of so many records."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice
from time import perf_counter
from typing import Any

from bench.engines import Engines
from bench.running import ROOT, a_folder
from bench.tables import share, table
from bench.towns import Told, Town, town
from sync_server.domain.gazetteer import Gazetteer
from sync_server.domain.located import locate
from sync_server.domain.site_evidence import key_evidence
from sync_server.domain.site_key import RULE, own_site_id, site_id, site_key
from sync_server.sites.gazetteer import gazetteer_of
from sync_server.sites.linking import door_of, link
from sync_server.store import sites
from sync_server.store.engine import Store

SEED, SAMPLE, CHUNK, ARRIVALS = 21, 20_000, 5_000, 1_000
WARMING = 100  # arrivals that are not counted: statements are compiled and planned
HEAD = ("engine", "records", "p50 ms", "p95 ms", "p95 × the first")
Row = dict[str, Any]


def measured(reports: Sequence[int], engines: Sequence[str]) -> None:
    """Reads, keys and links ARRIVALS reports one by one, each in a transaction of its own; the
    commit, which waits for the disk, is not counted. Each arrival comes to all databases of an
    engine in turn: what else the machine does falls on all of them."""
    there = town(SEED, SAMPLE)
    known = gazetteer_of(there.compounds)
    new = town(SEED + 1, ARRIVALS * 2).told[: WARMING + ARRIVALS]
    rows: list[list[str]] = []
    with ExitStack() as stack:
        folder = a_folder(ROOT / "var/bench")
        found = Engines(stack, folder)
        for engine in engines:
            stores = []
            for n, many in enumerate(reports):
                place = folder / f"{engine}{n}"
                place.mkdir()
                store = stack.enter_context(Store.open(found.new(engine, place), "9999"))
                _filled(store, there, known, many)
                stores.append(store)
            times = _times(stores, new, known)
            for many, each in zip(reports, times, strict=True):
                late, first = share(each, 0.95), share(times[0], 0.95)
                said = [f"{share(each, 0.5):.2f}", f"{late:.2f}", f"{late / first:.2f}"]
                rows.append([engine, f"{many:,}", *said])
    print(table(HEAD, rows))


def _times(
    stores: Sequence[Store], new: Sequence[Told], known: Gazetteer
) -> Sequence[Sequence[float]]:
    """The milliseconds of each arrival, by store."""
    times: list[list[float]] = [[] for _ in stores]
    now = datetime.now(UTC)
    for told in new:
        for store, mine in zip(stores, times, strict=True):
            with store.writing() as tx:
                begun = perf_counter()
                key = site_key(told.report, locate(told.report.place, known), known)
                link(tx, {str(told.report.id): key}, frozenset(), now)
                mine.append(1000 * (perf_counter() - begun))
    return [mine[WARMING:] for mine in times]


def _filled(store: Store, there: Town, known: Gazetteer, many: int) -> None:
    """The town again and again, each time with other compounds."""
    rows = _rows(there, known, many)
    while chunk := list(islice(rows, CHUNK)):
        with store.writing() as tx:
            sites.add(tx, {row["site"]: row for row, _ in chunk}.values())
            sites.add_links(tx, [row for _, row in chunk])


def _rows(there: Town, known: Gazetteer, many: int) -> Iterator[tuple[Row, Row]]:
    now = datetime.now(UTC)
    keys = [site_key(one.report, locate(one.report.place, known), known) for one in there.told]
    for n in range(many):
        copy, k = divmod(n, len(keys))
        key, report = keys[k], str(there.told[k].report.id)
        report = f"{copy:04x}{report[4:]}"
        area, door = door_of(key)
        area = f"{copy}-{area}" if copy else area
        site = site_id(area, key.door) if door else own_site_id(report, area)
        evidence = key_evidence(key)
        link_row = {"report": report, "n": 1, "site": site, "area": area, "door": door}
        link_row |= {"firm": key.firm, "rule": RULE}
        link_row |= {"evidence": evidence, "weight": 0.0, "staff": "", "at": now}
        yield {"site": site, "area": area, "door": door, "fork": "", "opened_at": now}, link_row
