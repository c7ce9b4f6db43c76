"""How fast the bureau takes reports in, and what one costs: python -m bench.intake

Starts the real server as a process of its own on a real disk and loads it from other processes.
"""

import argparse
from pathlib import Path
from statistics import median

from bench.load import Load
from bench.measuring import Round, measured
from bench.running import ROOT, a_folder, running, settled


def main() -> None:
    asked = _asked()
    loads = [
        Load(n, batch, photos, asked.fresh)
        for n in asked.connections
        for batch, photos in _shapes(asked)
    ]
    print("| connections | a call | reports/s | p50 / p95 / p99 ms | CPU ms/report | peak MB |")
    print("|---|---|---|---|---|---|")
    for load in loads:
        with a_folder(asked.dir) as folder:
            settings, callers = settled(folder, f"sqlite:///{folder}/bureau.db", load.connections)
            with running(settings) as server:
                rounds = [
                    measured(server, callers, load, asked.seconds, asked.hands)
                    for _ in range(asked.rounds)
                ]
                print(_row(load, rounds), flush=True)


def _row(load: Load, rounds: list[Round]) -> str:
    def mid(name: str) -> float:
        return float(median(getattr(one, name) for one in rounds))

    shape = f"{load.photos} photos" if load.photos else str(load.batch)
    return (
        f"| {load.connections} | {shape} | {mid('rate'):.0f} | {mid('p50'):.1f} / {mid('p95'):.1f}"
        f" / {mid('p99'):.1f} | {mid('cpu'):.2f} | {mid('memory'):.0f} |"
    )


def _shapes(asked: argparse.Namespace) -> list[tuple[int, int]]:
    found = []
    if asked.single:
        found.append((1, 0))
    if asked.batched:
        found.append((50, 0))
    if asked.photos:
        found.append((1, 3))
    return found or [(1, 0), (50, 0), (1, 3)]


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--single", action="store_true")
    parser.add_argument("--batched", action="store_true")
    parser.add_argument("--photos", action="store_true")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--hands", type=int, default=1)
    parser.add_argument("--dir", type=Path, default=ROOT / "var/bench")
    return parser.parse_args()


if __name__ == "__main__":
    main()
