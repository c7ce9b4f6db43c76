"""`make monkey STEPS=10000`: a long walk; says where it has been."""

import argparse
import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from tests.monkey.walk import Monkey


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("steps", type=int, nargs="?", default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    said = asked.parse_args()
    with TemporaryDirectory(prefix="xuncha-") as folder:
        monkey, began = Monkey(Path(folder), said.seed), monotonic()
        asyncio.run(monkey.walk(said.steps))
    print(f"{said.steps} steps in {monotonic() - began:.0f} s, seed {said.seed}: nothing lost.")
    print("screens:", ", ".join(f"{name} {n}" for name, n in monkey.been.most_common()))
    print("pressed:", ", ".join(f"{name} {n}" for name, n in monkey.pressed.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
