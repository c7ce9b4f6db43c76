"""Whether people find a place in the spelling in which they type it: python -m bench.site_search

200 questions of 20 kinds about invented towns (`bench/towns.py`), of which it is known which
reports name what is asked for. Recall@5: how many of the first five that the console lists are such
reports, of five, or of as many as there are. Each engine must list the same ("lists": the digest
of all of them). The time is that of one search: the index, the first page and the total.
"""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from statistics import fmean
from time import perf_counter

from bench.engines import Engines
from bench.running import ROOT, a_folder
from bench.search_questions import SearchQuestion, questions
from bench.search_tables import BUREAU, Copies, filled
from bench.tables import machine, share, table, verdict
from bench.towns import town
from contract import wire
from contract.search_text import search_words
from sync_server.sites.search import records_found
from sync_server.store import inbox
from sync_server.store.engine import Store, Tx

SEED, SAMPLE, TOP, PAGE = 51, 20_000, 5, 30
RECALL, MOST_MS = 0.98, 20.0
HEAD = ("engine", "records", "recall@5", "p50 ms", "p95 ms", "slowest", "lists", "")
Listed = Sequence[Sequence[str]]


def main() -> None:
    asked = _asked()
    print(machine(), flush=True)
    rows: list[list[str]] = []
    with ExitStack() as stack:
        folder = a_folder(ROOT / "var/bench")
        engines = Engines(stack, folder)
        for many in asked.reports:
            copies = Copies(town(SEED, min(SAMPLE, many)), many)
            questioned = questions(copies)
            lists: list[Listed] = []
            for engine in asked.engines:
                place = folder / f"{engine}{many}"
                place.mkdir()
                begun = perf_counter()
                address = filled(engines.new(engine, place), copies)
                print(f"{engine}: {many:,} in {perf_counter() - begun:.0f} s", flush=True)
                with Store.open(address, BUREAU) as store:
                    listed, times = _searched(store, questioned)
                lists.append(listed)
                rows.append(_row(engine, many, questioned, listed, times))
                _by_kind(questioned, listed, times)
            same = all(one == lists[0] for one in lists)
            rows.append(["all alike", f"{many:,}", "", "", "", "", "", verdict(same)])
    print(table(HEAD, rows))


def found(tx: Tx, asked: str) -> list[str]:
    """The ids that the console's first page lists, and all that it reads for them."""
    ids = records_found(tx, asked)
    wanted = inbox.RecordFilter(ids=ids, words=() if ids else search_words(asked))
    page = inbox.page(tx, wanted, None, None, PAGE)
    inbox.total(tx, wanted)
    return [str(row.id) for row in page.rows]  # type: ignore[union-attr]  # all can be read


def recall(question: SearchQuestion, listed: Sequence[str]) -> float:
    """Of the first five, or of as many as there are to find."""
    right = (question.wanted | question.right).intersection(listed[:TOP])
    return min(1.0, len(right) / min(TOP, len(question.wanted)))


def _searched(store: Store, questioned: Sequence[SearchQuestion]) -> tuple[Listed, list[float]]:
    """What is listed, and the milliseconds of each; the names of compounds are read before."""
    listed, times = [], []
    with store.reading() as tx:
        found(tx, "0")
    for one in questioned:
        with store.reading() as tx:
            begun = perf_counter()
            listed.append(found(tx, one.asked))
            times.append(1000 * (perf_counter() - begun))
    return listed, times


def _row(
    engine: str, many: int, asked: Sequence[SearchQuestion], listed: Listed, times: Sequence[float]
) -> list[str]:
    rate = fmean(map(recall, asked, listed))
    late = share(times, 0.95)
    slowest = asked[max(range(len(times)), key=times.__getitem__)]
    said = [f"{rate:.3f}", f"{share(times, 0.5):.1f}", f"{late:.1f}"]
    said += [
        f"{max(times):.0f} ({slowest.asked})",
        wire.digest([list(each) for each in listed])[:8],
    ]
    return [engine, f"{many:,}", *said, verdict(rate >= RECALL and late <= MOST_MS)]


def _by_kind(asked: Sequence[SearchQuestion], listed: Listed, times: Sequence[float]) -> None:
    rows = defaultdict[str, list[tuple[float, float, str]]](list)
    for question, ids, ms in zip(asked, listed, times, strict=True):
        rows[question.kind].append((recall(question, ids), ms, question.asked))
    for kind, each in rows.items():
        missed = ", ".join(words for rate, _, words in each if rate < 1)
        slow = max(ms for _, ms, _ in each)
        print(f"  {kind}: {fmean(rate for rate, _, _ in each):.2f}, {slow:.0f} ms at most {missed}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.site_search", description=__doc__)
    parser.add_argument("--reports", type=int, nargs="+", default=[20_000])
    parser.add_argument("--engines", nargs="+", default=["sqlite"], choices=["sqlite", "postgres"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
