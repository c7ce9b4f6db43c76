"""How fast the bureau takes reports in, and what one costs: python -m bench.intake

Starts the real server as a process of its own on a real disk and loads it from other processes, as
phones do: the same bytes, each answer counted. Without any --part it measures all of them.
"""

import argparse
from contextlib import ExitStack
from pathlib import Path

from bench.asking import Load
from bench.engines import Engines
from bench.intake_rounds import Bench, Row
from bench.running import ROOT
from bench.tables import machine, middle, table, verdict

PARTS = ("single", "batched", "photos", "fresh", "filled", "limits")
BATCH = 50
HEAD = ("engine", "connections", "a call carries", "reports/s")
COST = ("p50 ms", "p95 ms", "p99 ms", "CPU ms a report", "peak MB")
# The bars of issue 3, for SQLite.
SINGLE, BATCHED, PHOTOS, CPU_MS, PEAK_MB, P99_MS, FULL_SHARE = 1150, 3600, 156, 1, 200, 50, 0.9


def main() -> None:
    asked = _asked()
    print(machine(), flush=True)
    with ExitStack() as stack:
        engines = Engines(stack, asked.keep)
        bench = Bench(engines, asked.dir, asked.seconds, asked.rounds, asked.hands)
        parts = [part for part in PARTS if getattr(asked, part)] or list(PARTS)
        rows = [row for engine in asked.engines for row in _loads(bench, engine, asked, parts)]
        if rows:
            print("\n" + table((*HEAD, *COST), [_told(row) for row in rows]), flush=True)
            print(f"\nFrom start to first answer: {middle(bench.ready_s, 2)} s", flush=True)
        filled = _filled(bench, asked) if "filled" in parts else []
        if "limits" in parts:
            print("\n" + table(("what the machine can do", "found"), bench.limits()), flush=True)
        if bars := _bars([row for row in rows if row.engine == "sqlite"], filled):
            print("\n" + table(("bar", "wanted", "found", ""), bars), flush=True)


def _loads(bench: Bench, engine: str, asked: argparse.Namespace, parts: list[str]) -> list[Row]:
    many = asked.connections
    loads = [Load(n) for n in many if "single" in parts]
    loads += [Load(n, BATCH) for n in many if "batched" in parts]
    few = [n for n in many if "photos" in parts and n <= 8]
    loads += [Load(n, photos=3) for n in few]
    loads += [Load(n, fresh=True) for n in many[-1:] if "fresh" in parts]
    return [bench.row(engine, load) for load in loads]


def _told(row: Row) -> list[str]:
    load = row.load
    what = f"{load.batch} reports" if load.batch > 1 else "1 report"
    what += f", {load.photos} photos of 300 KB" if load.photos else ""
    what += ", a connection each" if load.fresh else ""
    times = [middle(row.all(name), 1) for name in ("p50", "p95", "p99")]
    cost = [middle(row.all("cpu"), 2), f"{max(row.all('memory')):.0f}"]
    return [row.engine, str(load.connections), what, middle(row.all("rate")), *times, *cost]


def _filled(bench: Bench, asked: argparse.Namespace) -> list[Row]:
    load, rows, found = Load(max(asked.connections)), [], []
    for engine in asked.engines:
        for records in asked.records:
            empty, full, share = bench.side_by_side(engine, load, records)
            found.append(full)
            bar = verdict(share >= FULL_SHARE) if engine == "sqlite" else ""
            rates = [middle(one.all("rate")) for one in (empty, full)]
            rows.append([engine, f"{records:,}", *rates, f"{share:.0%}", bar])
    head = ("engine", "records there", "reports/s, empty", "reports/s, filled", "share", "≥ 90 %")
    print("\n" + table(head, rows), flush=True)
    return [row for row in found if row.engine == "sqlite"]


def _bars(rows: list[Row], filled: list[Row]) -> list[list[str]]:
    bars: list[list[str]] = []

    def bar(name: str, wanted: float, found: float, least: bool = True) -> None:
        is_met = found >= wanted if least else found <= wanted
        sign = "≥" if least else "≤"
        bars.append([name, f"{sign} {wanted:,}", f"{found:,.1f}", verdict(is_met)])

    plain = [row for row in rows if not row.load.fresh]
    for row in plain:
        if row.load == Load(32):
            bar("single reports/s at 32 connections", SINGLE, row.middle("rate"))
            bar("p99 ms at 32 connections", P99_MS, row.middle("p99"), least=False)
            bar("CPU ms a single report at 32 connections", CPU_MS, row.middle("cpu"), least=False)
        if row.load == Load(8, photos=3):
            bar("reports/s with 3 photos at 8 connections", PHOTOS, row.middle("rate"))
    if batched := [row.middle("rate") for row in plain if row.load.batch > 1]:
        bar(f"reports/s by {BATCH} a call, at best", BATCHED, max(batched))
    if rows or filled:
        peak = max(max(row.all("memory")) for row in rows + filled)
        bar("peak MB of the server", PEAK_MB, peak, least=False)
    return bars


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.intake", description=__doc__)
    for part in PARTS:
        parser.add_argument(f"--{part}", action="store_true")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--engines", nargs="+", default=["sqlite"], choices=["sqlite", "postgres"])
    parser.add_argument("--records", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--seconds", type=float, default=5, help="of one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--hands", type=int, default=1, help="processes that make the load")
    parser.add_argument("--dir", type=Path, default=ROOT / "var/bench", help="on a real disk")
    parser.add_argument(
        "--keep", type=Path, default=ROOT / "var/bench/kept", help="filled databases, made once"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
