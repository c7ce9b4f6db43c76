"""Checkouts of this program side by side: their servers run at once and are loaded in turn.

A shared machine changes its speed from one second to the next; in short rounds in turn that falls
on all of them alike, and the ratios to the first checkout say what changed. Each makes its own
database; all need the packages of this one, and the old ones understand the reports of this one.
"""

import argparse
import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench.asking import Load
from bench.engines import Engines
from bench.measuring import Round, introduced, measured
from bench.running import ROOT, Caller, Running, a_folder, started
from bench.tables import table
from bench.wares import Desk

# A checkout's bureau, made by its own code: prints the port, the environment and the phones.
SETTLED = """
import json, sys
from dataclasses import astuple
from pathlib import Path
from bench.running import settled
settings, callers = settled(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
print(json.dumps([settings.port, settings.environment(), [astuple(each) for each in callers]]))
"""
HEAD = ("checkout", "reports/s", "× the first", "CPU ms a report", "× the first")


def main() -> None:
    """Prints the middle of all rounds for each checkout."""
    asked = _asked()
    load = Load(asked.connections, asked.batch, asked.photos)
    with ExitStack() as stack:
        folder = a_folder(ROOT / "var/bench")
        engines = Engines(stack, folder)
        servers = [
            _serving(stack, tree, engines.new(asked.engine, folder / str(n)), folder / str(n), load)
            for n, tree in enumerate(asked.checkouts)
        ]
        rounds = [_in_turn(servers, load, asked.seconds, n) for n in range(asked.rounds)]
    rows = []
    for n, tree in enumerate(asked.checkouts):
        row = [tree.resolve().name]
        for name, digits in (("rate", 0), ("cpu", 2)):
            values = [getattr(each[n], name) for each in rounds]
            ratios = [getattr(each[n], name) / getattr(each[0], name) for each in rounds]
            row += [f"{median(values):,.{digits}f}", f"{median(ratios):.2f}"]
        rows.append(row)
    print(table(HEAD, rows))


def _serving(
    stack: ExitStack, tree: Path, address: str, folder: Path, load: Load
) -> tuple[Running, list[Desk]]:
    folder.mkdir()
    settling = [sys.executable, "-c", SETTLED, str(folder), address, str(load.connections)]
    said = subprocess.run(settling, cwd=tree, check=True, capture_output=True, text=True)
    port, environment, callers = json.loads(said.stdout)
    command = [sys.executable, "-m", "sync_server", "serve"]
    server = stack.enter_context(started(command, port, environment, tree))
    return server, [introduced(port, Caller(*each)) for each in callers]


def _in_turn(
    servers: list[tuple[Running, list[Desk]]], load: Load, seconds: float, n: int
) -> list[Round]:
    """Forwards and backwards by turns, so that none is always the first."""
    order = list(range(len(servers)))[:: -1 if n % 2 else 1]
    found = {each: measured(*servers[each], load, seconds) for each in order}
    return [found[each] for each in sorted(found)]


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.abreast", description=__doc__)
    parser.add_argument("checkouts", type=Path, nargs="+")
    parser.add_argument("--engine", default="sqlite", choices=["sqlite", "postgres"])
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--photos", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=2, help="of one round")
    parser.add_argument("--rounds", type=int, default=8)
    return parser.parse_args()


if __name__ == "__main__":
    main()
