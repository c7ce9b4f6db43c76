"""Deliberate mistakes in both programs: a net is as fine as the smallest of them that it catches.

`python -m tests.simulation.mutations` makes each in a copy of the tree, runs worlds until one of
them breaks an invariant, and prints the table of docs/reliability.md.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.simulation.bureau_mistakes import BUREAU
from tests.simulation.mistake import Mistake
from tests.simulation.phone_mistakes import PHONE
from tests.simulation.scenery import a_folder

ROOT = Path(__file__).parents[2]
MISTAKES = PHONE + BUREAU
NEEDED = ("contract", "fieldapp", "sync_server", "tests", "pyproject.toml")
SKIPPED = shutil.ignore_patterns("__pycache__", "journeys", "interop", "kills", "fonts")
BROKEN, WORLDS = re.compile(r"^BROKEN ([^:\n]+)", re.MULTILINE), re.compile(r"(\d+) worlds")


@dataclass(frozen=True)
class Caught:
    """After how many worlds, by which invariant; `law` None when no world broke."""

    mistake: Mistake
    worlds: int
    law: str | None


def catch(mistake: Mistake, worlds: int) -> Caught:
    """Makes the mistake in a copy of the tree and looks for a world that breaks."""
    folder = a_folder()
    try:
        for name in NEEDED:
            whole = ROOT / name
            if whole.is_dir():
                shutil.copytree(whole, folder / name, ignore=SKIPPED)
            else:
                shutil.copy(whole, folder / name)
        file = folder / mistake.file
        file.write_text(file.read_text().replace(mistake.right, mistake.wrong))
        return _looked(mistake, folder, worlds)
    finally:
        shutil.rmtree(folder)


def _looked(mistake: Mistake, folder: Path, worlds: int) -> Caught:
    command = [sys.executable, "-m", "tests.simulation", f"0-{worlds - 1}", "--jobs=1", "--whole"]
    ran = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    broken, seen = BROKEN.search(ran.stdout), WORLDS.search(ran.stdout)
    if not seen or bool(ran.returncode) != bool(broken):
        raise RuntimeError(ran.stderr)  # no world at all: nothing was caught by it
    return Caught(mistake, int(seen[1]), broken[1] if broken else None)


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.simulation.mutations")
    asked.add_argument("--worlds", type=int, default=2000, help="at most, for each")
    asked.add_argument("--only", default="", help="a word in the file or the mistake")
    said = asked.parse_args()
    chosen = [one for one in MISTAKES if said.only in f"{one.file} {one.what}"]
    print("| where | the mistake | worlds | caught by |\n|---|---|---|---|")
    escaped = 0
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for caught in pool.map(lambda one: catch(one, said.worlds), chosen):
            law = caught.law or "**not caught**"
            print(
                f"| `{caught.mistake.file}` | {caught.mistake.what} | {caught.worlds} | {law} |",
                flush=True,
            )
            escaped += caught.law is None
    print(f"{len(chosen) - escaped} of {len(chosen)} caught")
    return min(escaped, 1)


if __name__ == "__main__":
    sys.exit(main())
